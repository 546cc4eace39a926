// Which files a worker may touch: landlock(7).
#pragma once
#include <linux/landlock.h>

// As the newest of the versions knows it; those before read the part that they know.
struct mr_landlock_rules {
    uint64_t files, network, scoped;
};

static inline int mr_landlock_version(void) { return (int)syscall(444, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION); }

// A set of rules that forbids this thread, and those it starts, every file that is not added to it, ports of TCP from version 4 on,
// devices' own calls from 5 on, and from 6 on signals and abstract sockets of those outside. Negative where the kernel has none.
static inline int mr_files_begin(void) {
    int version = mr_landlock_version();
    if (version < 1) return -1;
    // All rights of the first version; from the second on also links between folders, from the third on truncation.
    struct mr_landlock_rules rules = {(1u << 13) - 1, 0, 0};
    size_t size = sizeof(rules.files);
    if (version >= 2) rules.files |= 1u << 13;
    if (version >= 3) rules.files |= 1u << 14;
    if (version >= 4) rules.network = 3, size = 16;
    if (version >= 5) rules.files |= 1u << 15;
    if (version >= 6) rules.scoped = 3, size = 24;
    return (int)syscall(444, &rules, size, 0);
}

static inline int mr_files_allow(int rules, const char *path, int writing, int is_folder) {
    int parent = open(path, 010000000 /* O_PATH */ | O_CLOEXEC);
    if (parent < 0) return -1;
    int version = mr_landlock_version();
    uint64_t rights = LANDLOCK_ACCESS_FS_READ_FILE;
    if (writing) rights |= LANDLOCK_ACCESS_FS_WRITE_FILE;
    if (is_folder) rights |= LANDLOCK_ACCESS_FS_READ_DIR;
    if (writing && is_folder)
        rights |= LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
                  LANDLOCK_ACCESS_FS_MAKE_DIR;
    if (writing && version >= 3) rights |= 1u << 14;
    // Only a device has calls of its own.
    if (writing && !is_folder && version >= 5) rights |= 1u << 15;
    struct landlock_path_beneath_attr rule = {rights, parent};
    int result = (int)syscall(445, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    close(parent);
    return result;
}

static inline int mr_files_end(int rules) {
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
    return (int)syscall(446, rules, 0);
}
