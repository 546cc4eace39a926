// What a worker is in the eyes of the kernel: capabilities(7), credentials(7).
#pragma once
#include <linux/capability.h>

// Debian's `nobody` and `nogroup`.
enum { mr_nobody = 65534 };

// Whether this process is root with all that it takes to give files to somebody else and to become them, to end them, and to
// clear up after them.
static inline int mr_is_mighty_root(void) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[2] = {{0, 0, 0}, {0, 0, 0}};
    uint32_t needed = 1u << CAP_CHOWN | 1u << CAP_DAC_OVERRIDE | 1u << CAP_KILL | 1u << CAP_SETUID | 1u << CAP_SETGID;
    return geteuid() == 0 && syscall(SYS_capget, &header, data) == 0 && (data[0].effective & needed) == needed;
}

// Everybody's rights only, and for good: without groups, root's number and all capabilities. Another process may trace or end us
// only if it could do so before.
static inline int mr_become_nobody(void) {
    if (syscall(SYS_setgroups, 0, NULL) != 0) return -1;
    if (syscall(SYS_setresgid, mr_nobody, mr_nobody, mr_nobody) != 0) return -1;
    return (int)syscall(SYS_setresuid, mr_nobody, mr_nobody, mr_nobody);
}

// No program that it could start would bring any of them back.
static inline void mr_bound_capabilities(void) {
    for (int capability = 0; capability < 64; capability++) prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
}

static inline int mr_drop_capabilities(void) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct none[2] = {{0, 0, 0}, {0, 0, 0}};
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    return (int)syscall(SYS_capset, &header, none);
}
