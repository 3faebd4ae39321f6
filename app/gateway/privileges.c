/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gateway/privileges.h"

#include "app/gateway/log.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

void privileges_lock(void)
{
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

static enum gw_err refuse(struct err_note *note, const char *key, const char *name)
{
	err_note_set(note,
		     "process.%s: this machine has no %s \"%s\"; create it or correct the name",
		     key, key, name);
	return GW_ERR_MACHINE;
}

enum gw_err privileges_find(const struct gateway_config *config, struct err_note *note,
			    struct privileges *ret_privileges)
{
	const struct passwd *user;
	const struct group *group;

	*ret_privileges = (struct privileges){.uid = (uid_t)-1, .gid = (gid_t)-1};
	if (config->process_user == NULL)
		return GW_ERR_OK;
	user = getpwnam(config->process_user);
	if (user == NULL)
		return refuse(note, "user", config->process_user);
	ret_privileges->user = config->process_user;
	ret_privileges->uid = user->pw_uid;
	ret_privileges->gid = user->pw_gid;
	if (config->process_group != NULL) {
		group = getgrnam(config->process_group);
		if (group == NULL)
			return refuse(note, "group", config->process_group);
		ret_privileges->gid = group->gr_gid;
	}
	if (geteuid() == 0)
		return GW_ERR_OK;
	err_note_set(note,
		     "process.user: only root can become \"%s\"; start the gateway as root, or "
		     "leave the key out and start it as that user",
		     config->process_user);
	return GW_ERR_MACHINE;
}

/* The calling thread's capabilities become exactly these, effective and permitted. */
static bool capabilities_set(uint64_t bits)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2] = {
		{.effective = (uint32_t)bits, .permitted = (uint32_t)bits},
		{.effective = (uint32_t)(bits >> 32), .permitted = (uint32_t)(bits >> 32)},
	};

	return syscall(SYS_capset, &header, data) == 0;
}

/* glibc changes every thread; each loses its capabilities with that, but those of the one that asked to keep them. */
static bool change_over(const struct privileges *p, uint64_t kept)
{
	return prctl(PR_SET_KEEPCAPS, kept != 0, 0, 0, 0) == 0 && setgroups(0, NULL) == 0 &&
	       setresgid(p->gid, p->gid, p->gid) == 0 && setresuid(p->uid, p->uid, p->uid) == 0 &&
	       (kept == 0 || capabilities_set(kept)) && prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0) == 0;
}

enum gw_err privileges_drop(const struct privileges *p, bool keep_net_admin, struct err_note *note)
{
	uint64_t kept = keep_net_admin ? 1ull << CAP_NET_ADMIN : 0;

	if (p->user == NULL)
		return GW_ERR_OK;
	if (!change_over(p, kept)) {
		err_note_set(note, "process.user: cannot become \"%s\": %s", p->user,
			     strerrordesc_np(errno));
		return GW_ERR_MACHINE;
	}
	if (p->uid != 0 && (setuid(0) == 0 || geteuid() != p->uid || getegid() != p->gid)) {
		err_note_set(note, "process.user: became \"%s\", but could be root again", p->user);
		return GW_ERR_INTERNAL;
	}
	log_event(LOG_INFO, "privileges_dropped", "user=%s uid=%u gid=%u capabilities=%s", p->user,
		  p->uid, p->gid, keep_net_admin ? "net_admin" : "none");
	return GW_ERR_OK;
}
