// Linux calls that shut a process in; Swift's Glibc module shows none of them.
#pragma once
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

// Declared here as well: another module may have read the headers first, without the GNU part.
extern long syscall(long number, ...);
extern int unshare(int flags);
extern int pipe2(int ends[2], int flags);
extern int memfd_create(const char *name, unsigned int flags);
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);

static inline int mr_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

// A file without a name in memory.
static inline int mr_memory_file(void) { return memfd_create("millrace", 1 /* MFD_CLOEXEC */); }

static inline int mr_spawn_close_from(posix_spawn_file_actions_t *actions, int from) {
    return posix_spawn_file_actions_addclosefrom_np(actions, from);
}

// A descriptor that becomes readable when the process has ended: pidfd_open(2).
static inline int mr_pidfd_open(pid_t process) { return (int)syscall(434, process, 0); }

// The kernel ends this process when the thread that made it ends.
static inline int mr_die_with_parent(void) { return prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0); }

// What setrlimit(2) takes. What is given away cannot be had again: but for the second in which SIGXCPU may say why it ends.
enum mr_resource { mr_resource_cpu, mr_resource_memory, mr_resource_file_size, mr_resource_files, mr_resource_core };

static inline int mr_limit(enum mr_resource resource, uint64_t value) {
    static const int names[] = {RLIMIT_CPU, RLIMIT_AS, RLIMIT_FSIZE, RLIMIT_NOFILE, RLIMIT_CORE};
    struct rlimit limit = {value, resource == mr_resource_cpu ? value + 1 : value};
    return setrlimit(names[resource], &limit);
}

// A network of its own, without any interface. Who is not root first needs a user namespace, which only a process with one thread
// can have.
static inline int mr_leave_network(void) {
    if (unshare(0x40000000 /* CLONE_NEWNET */) == 0) return 0;
    return unshare(0x10000000 /* CLONE_NEWUSER */ | 0x40000000);
}

#if defined(__x86_64__)
#define MR_AUDIT_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define MR_AUDIT_ARCH AUDIT_ARCH_AARCH64
#else
#error "unknown architecture"
#endif

#define MR_LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define MR_ANSWER(value) BPF_STMT(BPF_RET | BPF_K, (value))
#define MR_REFUSE(number) \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (number), 0, 1), MR_ANSWER(SECCOMP_RET_ERRNO | EPERM)

// Forbids all threads of this process sockets, other programs and processes, and what changes the system. The rings of
// io_uring could open sockets past this filter, and clone3 hides its flags from it, so these two do not exist here.
static inline int mr_forbid_calls(void) {
    static struct sock_filter rules[] = {
        MR_LOAD(arch),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, MR_AUDIT_ARCH, 1, 0),
        MR_ANSWER(SECCOMP_RET_KILL_PROCESS),
        MR_LOAD(nr),
#if defined(__x86_64__)
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000 /* the x32 calls */, 0, 1),
        MR_ANSWER(SECCOMP_RET_KILL_PROCESS),
        MR_REFUSE(SYS_fork),
        MR_REFUSE(SYS_vfork),
#endif
        MR_REFUSE(SYS_socket),
        MR_REFUSE(SYS_socketpair),
        MR_REFUSE(SYS_connect),
        MR_REFUSE(SYS_bind),
        MR_REFUSE(SYS_listen),
        MR_REFUSE(SYS_sendto),
        MR_REFUSE(SYS_sendmsg),
        MR_REFUSE(SYS_execve),
        MR_REFUSE(SYS_execveat),
        MR_REFUSE(SYS_ptrace),
        MR_REFUSE(SYS_process_vm_readv),
        MR_REFUSE(SYS_process_vm_writev),
        MR_REFUSE(SYS_kill),
        MR_REFUSE(SYS_setpgid),
        MR_REFUSE(SYS_setsid),
        MR_REFUSE(SYS_mount),
        MR_REFUSE(SYS_umount2),
        MR_REFUSE(SYS_pivot_root),
        MR_REFUSE(SYS_chroot),
        MR_REFUSE(SYS_unshare),
        MR_REFUSE(SYS_setns),
        MR_REFUSE(SYS_bpf),
        MR_REFUSE(SYS_perf_event_open),
        MR_REFUSE(SYS_userfaultfd),
        MR_REFUSE(SYS_keyctl),
        MR_REFUSE(SYS_add_key),
        MR_REFUSE(SYS_request_key),
        MR_REFUSE(SYS_init_module),
        MR_REFUSE(SYS_finit_module),
        MR_REFUSE(SYS_kexec_load),
        MR_REFUSE(SYS_reboot),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_io_uring_setup, 1, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone3, 0, 1),
        MR_ANSWER(SECCOMP_RET_ERRNO | ENOSYS),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 3),
        MR_LOAD(args[0]),
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x00010000 /* CLONE_THREAD */, 1, 0),
        MR_ANSWER(SECCOMP_RET_ERRNO | EPERM),
        MR_ANSWER(SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof(rules) / sizeof(rules[0]), rules};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
    return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program);
}

// A set of rules that forbids this thread, and those it starts, every file that is not added to it; landlock(7). Negative where the
// kernel has none.
static inline int mr_files_begin(void) {
    int version = (int)syscall(444, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version < 1) return -1;
    // All rights of the first version; from the second on also links between folders, from the third on truncation.
    struct landlock_ruleset_attr rules = {(1u << 13) - 1};
    if (version >= 2) rules.handled_access_fs |= 1u << 13;
    if (version >= 3) rules.handled_access_fs |= 1u << 14;
    return (int)syscall(444, &rules, sizeof(rules), 0);
}

static inline int mr_files_allow(int rules, const char *path, int writing, int is_folder) {
    int parent = open(path, 010000000 /* O_PATH */ | O_CLOEXEC);
    if (parent < 0) return -1;
    uint64_t rights = LANDLOCK_ACCESS_FS_READ_FILE;
    if (writing) rights |= LANDLOCK_ACCESS_FS_WRITE_FILE;
    if (is_folder) rights |= LANDLOCK_ACCESS_FS_READ_DIR;
    if (writing && is_folder)
        rights |= LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
                  LANDLOCK_ACCESS_FS_MAKE_DIR;
    if (writing && (int)syscall(444, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) >= 3) rights |= 1u << 14;
    struct landlock_path_beneath_attr rule = {rights, parent};
    int result = (int)syscall(445, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    close(parent);
    return result;
}

static inline int mr_files_end(int rules) {
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
    return (int)syscall(446, rules, 0);
}
