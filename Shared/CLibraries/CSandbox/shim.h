// Linux calls that shut a process in; Swift's Glibc module shows none of them.
#pragma once
#include <errno.h>
#include <fcntl.h>
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

// The kernel ends this process when the thread that made it ends. It may have ended already: then nothing would come any more.
static inline int mr_die_with_parent(pid_t parent) {
    return prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0 || getppid() != parent ? -1 : 0;
}

// What setrlimit(2) takes. What is given away cannot be had again: but for the second in which SIGXCPU may say why it ends.
enum mr_resource { mr_resource_cpu, mr_resource_memory, mr_resource_file_size, mr_resource_files, mr_resource_core, mr_resource_data };

static inline int mr_limit(enum mr_resource resource, uint64_t value) {
    static const int names[] = {RLIMIT_CPU, RLIMIT_AS, RLIMIT_FSIZE, RLIMIT_NOFILE, RLIMIT_CORE, RLIMIT_DATA};
    struct rlimit limit = {value, resource == mr_resource_cpu ? value + 1 : value};
    return setrlimit(names[resource], &limit);
}

// A network of its own, without any interface. Who may not have that at once first needs a user namespace, which only a process
// with one thread can have; in it, it cannot become another user of the host any more.
static inline int mr_leave_network(int as_another_user) {
    if (unshare(0x40000000 /* CLONE_NEWNET */) == 0) return 0;
    if (!as_another_user) return -1;
    return unshare(0x10000000 /* CLONE_NEWUSER */ | 0x40000000);
}

#include "calls.h"
#include "files.h"
#include "rights.h"
