// Which system calls a worker may make: seccomp(2).
#pragma once
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/mman.h>

#if defined(__x86_64__)
#define MR_AUDIT_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define MR_AUDIT_ARCH AUDIT_ARCH_AARCH64
#else
#error "unknown architecture"
#endif

#define MR_LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define MR_ANSWER(value) BPF_STMT(BPF_RET | BPF_K, (value))
#define MR_GRANTED MR_ANSWER(SECCOMP_RET_ALLOW)
#define MR_REFUSED MR_ANSWER(SECCOMP_RET_ERRNO | EPERM)
#define MR_ALLOW(number) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (number), 0, 1), MR_GRANTED
// The rest of a call's rules: what its argument (the lower half of it) must be, or must not have.
#define MR_IF(number, skip) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (number), 0, skip)
#define MR_ALLOW_IF_SAME(number, argument, value) \
    MR_IF(number, 4), MR_LOAD(args[argument]), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), 0, 1), MR_GRANTED, MR_REFUSED
#define MR_ALLOW_WITHOUT(number, argument, bits) \
    MR_IF(number, 4), MR_LOAD(args[argument]), BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, (bits), 1, 0), MR_GRANTED, MR_REFUSED

// What decoders, encoders, Swift and glibc need, and nothing else: memory, threads, time, files (which Landlock restricts). There are
// no sockets, programs, processes, signals to others, devices, mounts or keys, and no new code. What is newer than this list, and
// clone3, whose flags a filter does not see, does not exist for those who ask: they fall back to what is older.
// with_devices: a graphics card's library may talk to it and compile code for it.
static inline int mr_allow_calls(int with_devices) {
    uint32_t self = (uint32_t)getpid();
    uint32_t no_code = with_devices ? 0 : PROT_EXEC;
    struct sock_filter rules[] = {
        MR_LOAD(arch),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, MR_AUDIT_ARCH, 1, 0),
        MR_ANSWER(SECCOMP_RET_KILL_PROCESS),
        MR_LOAD(nr),
#if defined(__x86_64__)
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000 /* the x32 calls */, 0, 1),
        MR_ANSWER(SECCOMP_RET_KILL_PROCESS),
        // Names that newer architectures do without.
        MR_ALLOW(SYS_open), MR_ALLOW(SYS_creat), MR_ALLOW(SYS_stat), MR_ALLOW(SYS_lstat), MR_ALLOW(SYS_access),
        MR_ALLOW(SYS_readlink), MR_ALLOW(SYS_mkdir), MR_ALLOW(SYS_rmdir), MR_ALLOW(SYS_unlink), MR_ALLOW(SYS_rename),
        MR_ALLOW(SYS_dup2), MR_ALLOW(SYS_poll), MR_ALLOW(SYS_epoll_wait), MR_ALLOW(SYS_time), MR_ALLOW(SYS_getpgrp),
        MR_ALLOW(SYS_getrlimit), MR_ALLOW(SYS_setrlimit),
#endif
        // Threads and time.
        MR_ALLOW(SYS_futex), MR_ALLOW(SYS_set_robust_list), MR_ALLOW(SYS_rseq), MR_ALLOW(SYS_set_tid_address),
        MR_ALLOW(SYS_exit), MR_ALLOW(SYS_exit_group), MR_ALLOW(SYS_sched_yield), MR_ALLOW(SYS_sched_getaffinity),
        MR_ALLOW(SYS_getcpu), MR_ALLOW(SYS_gettid), MR_ALLOW(SYS_membarrier), MR_ALLOW(SYS_clock_gettime),
        MR_ALLOW(SYS_clock_getres), MR_ALLOW(SYS_clock_nanosleep), MR_ALLOW(SYS_nanosleep), MR_ALLOW(SYS_gettimeofday),
        MR_ALLOW(SYS_times), MR_ALLOW(SYS_getrusage), MR_ALLOW(SYS_restart_syscall),
        // Memory.
        MR_ALLOW(SYS_brk), MR_ALLOW(SYS_munmap), MR_ALLOW(SYS_mremap), MR_ALLOW(SYS_madvise),
        MR_ALLOW_WITHOUT(SYS_mmap, 2, no_code), MR_ALLOW_WITHOUT(SYS_mprotect, 2, no_code),
        // Files.
        MR_ALLOW(SYS_read), MR_ALLOW(SYS_write), MR_ALLOW(SYS_pread64), MR_ALLOW(SYS_pwrite64), MR_ALLOW(SYS_readv),
        MR_ALLOW(SYS_writev), MR_ALLOW(SYS_lseek), MR_ALLOW(SYS_close), MR_ALLOW(SYS_openat), MR_ALLOW(SYS_fstat),
        MR_ALLOW(SYS_newfstatat), MR_ALLOW(SYS_statx), MR_ALLOW(SYS_statfs), MR_ALLOW(SYS_fstatfs), MR_ALLOW(SYS_fsync),
        MR_ALLOW(SYS_fdatasync), MR_ALLOW(SYS_ftruncate), MR_ALLOW(SYS_fallocate), MR_ALLOW(SYS_fadvise64),
        MR_ALLOW(SYS_mkdirat), MR_ALLOW(SYS_unlinkat), MR_ALLOW(SYS_renameat), MR_ALLOW(SYS_renameat2),
        MR_ALLOW(SYS_faccessat), MR_ALLOW(SYS_faccessat2), MR_ALLOW(SYS_readlinkat), MR_ALLOW(SYS_getdents64),
        MR_ALLOW(SYS_getcwd), MR_ALLOW(SYS_dup), MR_ALLOW(SYS_dup3), MR_ALLOW(SYS_fchmod), MR_ALLOW(SYS_umask),
        // What Dispatch waits with.
        MR_ALLOW(SYS_epoll_create1), MR_ALLOW(SYS_epoll_ctl), MR_ALLOW(SYS_epoll_pwait), MR_ALLOW(SYS_eventfd2),
        MR_ALLOW(SYS_timerfd_create), MR_ALLOW(SYS_timerfd_settime), MR_ALLOW(SYS_ppoll),
        // Itself.
        MR_ALLOW(SYS_rt_sigaction), MR_ALLOW(SYS_rt_sigprocmask), MR_ALLOW(SYS_rt_sigreturn), MR_ALLOW(SYS_sigaltstack),
        MR_ALLOW(SYS_getpid), MR_ALLOW(SYS_getppid), MR_ALLOW(SYS_getpgid), MR_ALLOW(SYS_getuid), MR_ALLOW(SYS_geteuid),
        MR_ALLOW(SYS_getgid), MR_ALLOW(SYS_getegid), MR_ALLOW(SYS_getrandom), MR_ALLOW(SYS_uname), MR_ALLOW(SYS_sysinfo),
        MR_ALLOW(SYS_getpriority), MR_ALLOW(SYS_get_mempolicy),
        MR_ALLOW_IF_SAME(SYS_tgkill, 0, self),
        MR_ALLOW_IF_SAME(SYS_prlimit64, 0, 0),
        MR_ALLOW_IF_SAME(SYS_prctl, 0, PR_SET_NAME),
        // No fcntl(2) that makes the kernel send signals; the last number is F_DUPFD_CLOEXEC.
        MR_IF(SYS_fcntl, 5), MR_LOAD(args[1]), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 1030, 1, 0),
        BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, F_SETFL, 1, 0), MR_GRANTED, MR_REFUSED,
        // A thread, and no namespace.
        MR_IF(SYS_clone, 5), MR_LOAD(args[0]), BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x7e020000 /* CLONE_NEW… */, 2, 0),
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x00010000 /* CLONE_THREAD */, 0, 1), MR_GRANTED, MR_REFUSED,
        MR_IF(SYS_ioctl, 1), MR_ANSWER(with_devices ? SECCOMP_RET_ALLOW : SECCOMP_RET_ERRNO | ENOTTY),
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 424 /* pidfd_send_signal: from here on all architectures agree */, 0, 1),
        MR_ANSWER(SECCOMP_RET_ERRNO | ENOSYS),
        MR_REFUSED,
    };
    struct sock_fprog program = {sizeof(rules) / sizeof(rules[0]), rules};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
    return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program);
}
