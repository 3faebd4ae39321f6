/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drivers/eal.h"

#include "base/device_name.h"
#include "drivers/pci.h"

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_memory.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define ARGS_MAX (24 + 2 * EAL_DEVICES_MAX)
/* The longest names every core of a large machine. */
#define ARG_BYTES 2048
#define HUGEPAGE_BYTES (2u << 20)

struct eal_args {
	char text[ARGS_MAX][ARG_BYTES];
	char *argv[ARGS_MAX];
	int argc;
};

static void arg_add(struct eal_args *args, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void arg_add(struct eal_args *args, const char *format, ...)
{
	va_list list;

	GW_ASSERT(args->argc < ARGS_MAX);
	args->argv[args->argc] = args->text[args->argc];
	va_start(list, format);
	vsnprintf(args->text[args->argc++], ARG_BYTES, format, list);
	va_end(list);
}

/* Huge pages of the default size that nobody uses yet. */
static uint64_t hugepages_free_bytes(void)
{
	FILE *f = fopen("/sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages", "re");
	unsigned long count = 0;

	if (f == NULL)
		return 0;
	if (fscanf(f, "%lu", &count) != 1)
		count = 0;
	fclose(f);
	return (uint64_t)count * HUGEPAGE_BYTES;
}

static bool is_worker_core(const struct eal_params *params, unsigned core)
{
	for (unsigned i = 0; i < params->worker_count; i++) {
		if (params->worker_cores[i] == core)
			return true;
	}
	return false;
}

/* The control plane may run on any core but the workers', if there is another. */
static void arg_add_lcores(struct eal_args *args, const struct eal_params *params,
			   unsigned core_count)
{
	bool is_any_left = params->worker_count < core_count;
	char text[ARG_BYTES] = "0@(";
	size_t len = strlen(text);

	for (unsigned i = 0; i < core_count && len + 8 < sizeof(text); i++) {
		if (!is_any_left || !is_worker_core(params, i))
			len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%u",
						text[len - 1] == '(' ? "" : ",", i);
	}
	len += (size_t)snprintf(text + len, sizeof(text) - len, ")");
	for (unsigned i = 0; i < params->worker_count && len + 12 < sizeof(text); i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, ",%u@%u",
					EAL_WORKER_LCORE + i, params->worker_cores[i]);
	arg_add(args, "--lcores");
	arg_add(args, "%s", text);
}

/* Each worker has a core of its own. */
static enum gw_err cores_exist(const struct eal_params *params, unsigned core_count,
			       struct err_note *note)
{
	if (params->worker_count > core_count) {
		err_note_set(note,
			     "workers.cores: lists %u cores and this machine has %u; list no more",
			     params->worker_count, core_count);
		return GW_ERR_MACHINE;
	}
	for (unsigned i = 0; i < params->worker_count; i++) {
		if (params->worker_cores[i] < core_count)
			continue;
		err_note_set(note,
			     "workers.cores: this machine has no core %u; its cores are 0 to %u",
			     params->worker_cores[i], core_count - 1);
		return GW_ERR_MACHINE;
	}
	return GW_ERR_OK;
}

/* Without a card to drive the PCI bus is left alone; with one, DPDK sees that one only. */
static enum gw_err arg_add_devices(struct eal_args *args, const struct eal_params *params,
				   struct err_note *note)
{
	bool has_card = false;

	GW_ASSERT(params->device_count <= EAL_DEVICES_MAX);
	for (unsigned i = 0; i < params->device_count; i++) {
		struct device_name name;
		enum gw_err err = device_name_parse(params->devices[i], &name, note);

		if (err == GW_ERR_OK && name.kind == DEVICE_PCI)
			err = pci_device_check("/sys", name.target, note);
		if (err != GW_ERR_OK)
			return err;
		if (name.kind != DEVICE_PCI)
			continue;
		has_card = true;
		arg_add(args, "-a");
		arg_add(args, "%s", name.target);
	}
	if (!has_card)
		arg_add(args, "--no-pci");
	return GW_ERR_OK;
}

enum gw_err eal_open(const struct eal_params *params, struct err_note *note, bool *ret_hugepages)
{
	unsigned core_count = (unsigned)sysconf(_SC_NPROCESSORS_ONLN);
	bool hugepages = params->hugepages_bytes > 0 &&
			 hugepages_free_bytes() >= params->hugepages_bytes;
	uint64_t bytes = params->memory_bytes;
	struct eal_args args = {0};
	enum gw_err err;

	if (cores_exist(params, core_count, note) != GW_ERR_OK)
		return GW_ERR_MACHINE;
	/* On huge pages DPDK takes more as it needs it. */
	if (hugepages && bytes > params->hugepages_bytes)
		bytes = params->hugepages_bytes;
	arg_add(&args, "sallyport");
	arg_add_lcores(&args, params, core_count);
	arg_add(&args, "--main-lcore=0");
	err = arg_add_devices(&args, params, note);
	if (err != GW_ERR_OK)
		return err;
	/* Virtual devices need no physical addresses, and cards stand behind an IOMMU. */
	arg_add(&args, "--iova-mode=va");
	arg_add(&args, "--no-telemetry");
	arg_add(&args, "--log-level=*:error");
	arg_add(&args, "-m");
	arg_add(&args, "%u", (unsigned)(bytes >> 20));
	if (hugepages) {
		arg_add(&args, "--in-memory");
	} else {
		arg_add(&args, "--no-huge");
		arg_add(&args, "--no-shconf");
		arg_add(&args, "--file-prefix=sp%d", getpid());
	}
	if (rte_eal_init(args.argc, args.argv) < 0) {
		err_note_set(note, "DPDK does not start: %s; run as root, and see the line above",
			     rte_strerror(rte_errno));
		return GW_ERR_MACHINE;
	}
	*ret_hugepages = hugepages;
	return GW_ERR_OK;
}

uint64_t eal_memory_bytes(void)
{
	return rte_eal_get_physmem_size();
}

void eal_close(void)
{
	rte_eal_cleanup();
}
