// SPDX-License-Identifier: Apache-2.0
// attack_before KIND PROGRAM: makes the task as awkward as KIND says, then executes PROGRAM (a victim: exit code 0 when
// confined). Prints what came of it: confined, FREE, killed, refused. The scenario says which of these is right.
// With CGROUP in the environment the task joins that cgroup first; with WITNESS, a command, it has that run when
// PROGRAM was refused; with THEN, a program, it executes that then.
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static const char* program;

static void plain(void) { execl(program, program, (char*)NULL); }

// Every call of the injection is answered with success, without being made.
static void seccomp_fakes(void) {
    static const unsigned fakes[] = {446, SYS_prctl, SYS_recvmsg, SYS_socketpair, SYS_close};
    struct sock_filter filter[2 * 5 + 2];
    unsigned n = 0;
    filter[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    for (unsigned i = 0; i < 5; ++i) {
        filter[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, fakes[i], 0, 1);
        filter[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 0);
    }
    filter[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    struct sock_fprog fprog = {(unsigned short)n, filter};
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &fprog, 0, 0);
    plain();
}

static void pending_signals(void) {
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    for (int signal = 1; signal < 64; ++signal) {
        if (signal != SIGKILL && signal != SIGSTOP && signal != 32 && signal != 33) {
            kill(getpid(), signal);
        }
    }
    plain();
}

static void no_fds(void) {
    const struct rlimit limit = {3, 3};
    setrlimit(RLIMIT_NOFILE, &limit);
    plain();
}

static void all_fds(void) {
    while (dup(0) >= 0) {
    }
    plain();
}

static void layers(void) {
    uint64_t handled = 1 << 4; // remove_dir
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    const int ruleset = (int)syscall(444, &handled, sizeof handled, 0);
    for (int i = 0; i < 16; ++i) {
        syscall(446, ruleset, 0);
    }
    close(ruleset);
    plain();
}

static void traced(void) {
    ptrace(PTRACE_TRACEME, 0, 0, 0);
    plain();
}

static void* in_thread(void* nothing) {
    plain();
    return nothing;
}

static void thread(void) {
    pthread_t other;
    pthread_create(&other, NULL, in_thread, NULL);
    pthread_join(other, NULL);
}

static void not_dumpable(void) {
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    plain();
}

// An image without a file-backed segment: its code is the last string of its environment, on an executable stack whose
// place is known without randomisation. No mmap hook sees it.
static void no_load(void) {
    static const unsigned char code[] = {0x6a, 0x2f,             /* push '/' */
                                         0x48, 0x89, 0xe7,       /* mov %rsp, %rdi */
                                         0x31, 0xf6,             /* xor %esi, %esi */
                                         0x0f, 0xba, 0xee, 0x10, /* bts $16, %esi: O_DIRECTORY */
                                         0x31, 0xd2,             /* xor %edx, %edx */
                                         0x6a, 0x02, 0x58,       /* open */
                                         0x0f, 0x05, 0x31, 0xff, /* syscall; xor %edi, %edi */
                                         0x83, 0xf8, 0xf3,       /* cmp $-13, %eax */
                                         0x74, 0x02,             /* je over */
                                         0xff, 0xc7,             /* inc %edi */
                                         0x6a, 0x3c, 0x58,       /* exit */
                                         0x0f, 0x05, 0};
    const uint64_t entry = 0x7ffffffff000 - 8 - (strlen(program) + 1) - sizeof code;
    struct {
        unsigned char ident[16];
        uint16_t type, machine;
        uint32_t version;
        uint64_t entry, phoff, shoff;
        uint32_t flags;
        uint16_t ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
        uint32_t p_type, p_flags;
        uint64_t p_offset, p_vaddr, p_paddr, p_filesz, p_memsz, p_align;
    } image = {{0x7f, 'E', 'L', 'F', 2, 1, 1}, 2, 62, 1, entry, 64, 0, 0, 64, 56, 1, 0, 0, 0, 0x6474e551, 7};
    unlink(program);
    const int fd = open(program, O_WRONLY | O_CREAT | O_CLOEXEC, 0755);
    if (write(fd, &image, sizeof image) != sizeof image) {
        _exit(3);
    }
    close(fd);
    personality(ADDR_NO_RANDOMIZE);
    char* const arguments[] = {(char*)program, NULL};
    char* const environment[] = {(char*)code, NULL};
    execve(program, arguments, environment);
}

// The program by its path in a detached copy of the tree at /tmp/jail: its path looks like the machine's.
static void detached(void) {
    const int tree = (int)syscall(428 /* open_tree */, AT_FDCWD, "/tmp/jail", 1 /* OPEN_TREE_CLONE */ | O_CLOEXEC);
    char* const arguments[] = {(char*)program, NULL};
    char* const environment[] = {NULL};
    syscall(SYS_execveat, tree, program + 1, arguments, environment, 0);
}

// Its main thread's exec waits for another thread, which its tracer keeps from ending: an exec stuck in de_thread.
// Others must be served meanwhile, and the exec itself once the tracer lets go. Exit code 0 when so.
static void* wait_for_ever(void* tid) {
    *(volatile pid_t*)tid = (pid_t)syscall(SYS_gettid);
    for (;;) {
        pause();
    }
    return NULL;
}

// A second thread keeps the exec from reading its own argument, a page of a userfaultfd, for a while.
static void* give_late(void* fault_fd) {
    const int fd = *(int*)fault_fd;
    struct uffd_msg message;
    if (read(fd, &message, sizeof message) == sizeof message) {
        static char page[4096] __attribute__((aligned(4096))) = "late";
        usleep(2500000);
        struct uffdio_copy copy = {.dst = message.arg.pagefault.address & ~4095ULL, .src = (uint64_t)page, .len = 4096};
        ioctl(fd, UFFDIO_COPY, &copy);
    }
    return NULL;
}

static void userfault(void) {
    static int fd;
    fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC);
    char* const page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    struct uffdio_api api = {.api = UFFD_API};
    struct uffdio_register range = {{(uint64_t)page, 4096}, UFFDIO_REGISTER_MODE_MISSING, 0};
    if (fd < 0 || ioctl(fd, UFFDIO_API, &api) != 0 || ioctl(fd, UFFDIO_REGISTER, &range) != 0) {
        perror("userfaultfd");
        _exit(3);
    }
    pthread_t other;
    pthread_create(&other, NULL, give_late, &fd);
    execl(program, page, (char*)NULL);
}

static int run_plain(void) {
    const pid_t pid = fork();
    if (pid == 0) {
        plain();
        _exit(126);
    }
    int status = 0;
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int stuck(void) {
    volatile pid_t* shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    const pid_t pid = fork();
    if (pid == 0) {
        pthread_t other;
        pthread_create(&other, NULL, wait_for_ever, (void*)shared);
        while (shared[1] == 0) {
            usleep(1000);
        }
        plain();
        _exit(126);
    }
    while (shared[0] == 0) {
        usleep(1000);
    }
    const pid_t thread = shared[0];
    int status = 0;
    if (ptrace(PTRACE_SEIZE, thread, 0, PTRACE_O_TRACEEXIT) != 0) {
        perror("seize");
        return 3;
    }
    shared[1] = 1;
    if (waitpid(thread, &status, __WALL) != thread || status >> 16 != PTRACE_EVENT_EXIT) {
        fprintf(stderr, "the thread did not stop in its exit: %x\n", (unsigned)status);
        return 3;
    }
    int code = 0;
    for (int i = 0; i < 5; ++i) {
        const int other = run_plain();
        if (other != 0) {
            fprintf(stderr, "another program, meanwhile: %d\n", other);
            code = 1;
        }
    }
    if (waitpid(pid, &status, WNOHANG) != 0) {
        fprintf(stderr, "the exec was not stuck\n");
        code = 1;
    }
    ptrace(PTRACE_DETACH, thread, 0, 0);
    while (waitpid(pid, &status, __WALL) != pid) {
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        fprintf(stderr, "the stuck one, in the end: %x\n", (unsigned)status);
        code = 1;
    }
    return code;
}

static void join(const char* cgroup) {
    char path[256];
    snprintf(path, sizeof path, "%s/cgroup.procs", cgroup);
    const int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (write(fd, "0", 1) != 1) {
        _exit(3);
    }
    close(fd);
}

static const struct {
    const char* name;
    void (*run)(void);
} kinds[] = {{"plain", plain},     {"seccomp", seccomp_fakes}, {"signals", pending_signals},
             {"no_fds", no_fds},   {"all_fds", all_fds},       {"layers", layers},
             {"traced", traced},   {"thread", thread},         {"not_dumpable", not_dumpable},
             {"no_load", no_load}, {"detached", detached},     {"userfault", userfault}};

int main(int argc, char** argv) {
    if (argc != 3) {
        return 2;
    }
    program = argv[2];
    if (strcmp(argv[1], "seize") == 0) { // of process argv[2]: exit code 0 when it could be traced
        return ptrace(PTRACE_SEIZE, atoi(program), 0, 0) != 0;
    }
    if (strcmp(argv[1], "stuck") == 0) {
        return stuck();
    }
    const pid_t pid = fork();
    if (pid == 0) {
        if (getenv("CGROUP") != NULL) {
            join(getenv("CGROUP"));
        }
        for (unsigned i = 0; i < sizeof kinds / sizeof kinds[0]; ++i) {
            if (strcmp(kinds[i].name, argv[1]) == 0) {
                kinds[i].run();
            }
        }
        if (getenv("WITNESS") != NULL && system(getenv("WITNESS")) != 0) {
            _exit(125);
        }
        if (getenv("THEN") != NULL) {
            program = getenv("THEN");
            plain();
        }
        _exit(126);
    }
    int status = 0;
    while (waitpid(pid, &status, 0) != pid || WIFSTOPPED(status)) {
        ptrace(PTRACE_CONT, pid, 0, 0); // of `traced`
    }
    const char* what = "FREE";
    if (WIFSIGNALED(status)) {
        what = WTERMSIG(status) == SIGKILL ? "killed" : "ended by a signal";
    } else if (WEXITSTATUS(status) == 126) {
        what = "refused";
    } else if (WEXITSTATUS(status) == 0) {
        what = "confined";
    }
    puts(what);
    return 0;
}
