/* SPDX-License-Identifier: GPL-3.0-or-later */
/* drivers/pci.h: is a network card ready for us?  Asked of the kernel's device tree before DPDK is started, for DPDK itself
 * passes over what it cannot have without a word. */
#pragma once

#include "base/err.h"

/* GW_ERR_MACHINE with a note that says what to run when there is no such card, no IOMMU stands between it and the memory, or it
 * is not bound to vfio-pci.  Cards whose driver shares them with DPDK (mlx4, mlx5) stay with it.  sysfs is "/sys"; tests
 * have their own. */
MUST_CHECK enum gw_err pci_device_check(const char *sysfs, const char *address,
					struct err_note *note);
