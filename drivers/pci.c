/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drivers/pci.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The last part of what a link points to; false when there is no such link. */
static bool link_name(const char *path, char *ret_name, size_t cap)
{
	char target[PATH_MAX];
	ssize_t len = readlink(path, target, sizeof(target) - 1);
	const char *slash;

	if (len <= 0)
		return false;
	target[len] = '\0';
	slash = strrchr(target, '/');
	snprintf(ret_name, cap, "%.*s", (int)cap - 1, slash != NULL ? slash + 1 : target);
	return true;
}

/* Where vfio was told to do without an IOMMU it makes a group of its own that says so. */
static bool has_iommu(const char *device_path)
{
	char path[PATH_MAX], name[64] = "";
	FILE *f;

	snprintf(path, sizeof(path), "%s/iommu_group", device_path);
	if (access(path, F_OK) != 0)
		return false;
	snprintf(path, sizeof(path), "%s/iommu_group/name", device_path);
	f = fopen(path, "re");
	if (f == NULL)
		return true; /* most groups have no name */
	if (fgets(name, sizeof(name), f) == NULL)
		name[0] = '\0';
	fclose(f);
	return strncmp(name, "vfio-noiommu", strlen("vfio-noiommu")) != 0;
}

enum gw_err pci_device_check(const char *sysfs, const char *address, struct err_note *note)
{
	char device_path[PATH_MAX / 2], path[PATH_MAX], driver[64];
	bool is_bound;

	snprintf(device_path, sizeof(device_path), "%s/bus/pci/devices/%s", sysfs, address);
	if (access(device_path, F_OK) != 0) {
		err_note_set(note,
			     "there is no PCI device %s; `lspci -D` lists those of this machine",
			     address);
		return GW_ERR_MACHINE;
	}
	snprintf(path, sizeof(path), "%s/driver", device_path);
	is_bound = link_name(path, driver, sizeof(driver));
	if (is_bound && (strcmp(driver, "mlx4_core") == 0 || strcmp(driver, "mlx5_core") == 0))
		return GW_ERR_OK;
	if (!has_iommu(device_path)) {
		err_note_set(
			note,
			"no IOMMU stands between PCI device %s and the memory, all of which it "
			"could write; turn it on in the firmware and on the kernel's command "
			"line (intel_iommu=on or amd_iommu=on)",
			address);
		return GW_ERR_MACHINE;
	}
	if (is_bound && strcmp(driver, "vfio-pci") == 0)
		return GW_ERR_OK;
	err_note_set(note,
		     "PCI device %s is bound to %s and not to vfio-pci; run `modprobe vfio-pci && "
		     "dpdk-devbind.py --bind=vfio-pci %s`, which takes it from the kernel",
		     address, is_bound ? driver : "no driver", address);
	return GW_ERR_MACHINE;
}
