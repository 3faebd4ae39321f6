/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A device tree of our own, in a folder that goes with the test. */
#include <criterion/criterion.h>

#include "drivers/pci.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ADDRESS "0000:3b:00.1"

static char sysfs[] = "/tmp/test_pci.XXXXXX";

static void shell(const char *format, const char *argument)
{
	char command[400];

	snprintf(command, sizeof(command), format, sysfs, argument);
	cr_assert_eq(system(command), 0, "%s", command);
}

static void tree_make(void)
{
	cr_assert_not_null(mkdtemp(sysfs));
	shell("mkdir -p %s/bus/pci/devices/" ADDRESS "%s", "");
}

static void tree_remove(void)
{
	shell("rm -r %s%s", "");
}

TestSuite(pci, .init = tree_make, .fini = tree_remove);

static void bind(const char *driver)
{
	shell("ln -s ../../drivers/%2$s %1$s/bus/pci/devices/" ADDRESS "/driver", driver);
}

static void group_make(const char *name)
{
	shell("mkdir %s/bus/pci/devices/" ADDRESS "/iommu_group%s", "");
	if (name != NULL)
		shell("echo %2$s >%1$s/bus/pci/devices/" ADDRESS "/iommu_group/name", name);
}

static void assert_refused(const char *address, const char *words)
{
	struct err_note note = {0};

	cr_assert_eq(pci_device_check(sysfs, address, &note), GW_ERR_MACHINE);
	cr_assert_not_null(strstr(note.text, words), "%s", note.text);
	cr_assert_not_null(strstr(note.text, address), "%s", note.text);
}

Test(pci, card_bound_to_vfio_behind_an_iommu_is_ready)
{
	bind("vfio-pci");
	group_make(NULL);
	cr_assert_eq(pci_device_check(sysfs, ADDRESS, NULL), GW_ERR_OK);
}

Test(pci, no_such_card)
{
	assert_refused("0000:3b:00.2", "there is no PCI device");
}

Test(pci, card_of_the_kernel_names_the_command_that_binds_it)
{
	bind("e1000e");
	group_make(NULL);
	assert_refused(ADDRESS, "is bound to e1000e and not to vfio-pci; run `modprobe vfio-pci && "
				"dpdk-devbind.py --bind=vfio-pci " ADDRESS "`");
}

Test(pci, card_without_driver)
{
	group_make(NULL);
	assert_refused(ADDRESS, "is bound to no driver and not to vfio-pci");
}

Test(pci, driver_that_lets_a_card_write_anywhere_is_not_enough)
{
	bind("uio_pci_generic");
	group_make(NULL);
	assert_refused(ADDRESS, "is bound to uio_pci_generic and not to vfio-pci");
}

Test(pci, without_iommu)
{
	bind("vfio-pci");
	assert_refused(ADDRESS, "no IOMMU stands between");
}

Test(pci, vfio_that_was_told_to_do_without_iommu)
{
	bind("vfio-pci");
	group_make("vfio-noiommu");
	assert_refused(ADDRESS, "no IOMMU stands between");
}

Test(pci, card_that_its_driver_shares_stays_with_it)
{
	bind("mlx5_core");
	cr_assert_eq(pci_device_check(sysfs, ADDRESS, NULL), GW_ERR_OK);
}
