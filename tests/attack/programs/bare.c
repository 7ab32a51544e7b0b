// SPDX-License-Identifier: Apache-2.0
// bare FILE SECRET: writes FILE, an ELF without any PT_LOAD, and execs it. Its code comes with the environment and runs
// from the stack, so nothing of the file is ever mapped. It opens SECRET and exits 0, or with the errno.
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/personality.h>
#include <unistd.h>

#define SLED 65536

int main(int argc, char** argv) {
    static char code[SLED + 64];
    static const unsigned char work[] = {
        0x48, 0x8b, 0x7c, 0x24, 0x10, // mov 16(%rsp), %rdi: argv[1]
        0x31, 0xf6,                   // xor %esi, %esi: O_RDONLY
        0x6a, 0x02, 0x58,             // push $2; pop %rax: open
        0x0f, 0x05,                   // syscall
        0x31, 0xff,                   // xor %edi, %edi
        0x85, 0xc0,                   // test %eax, %eax
        0x79, 0x04,                   // jns +4
        0xf7, 0xd8,                   // neg %eax
        0x89, 0xc7,                   // mov %eax, %edi
        0x6a, 0x3c, 0x58,             // push $60; pop %rax: exit
        0x0f, 0x05,                   // syscall
    };
    if (argc != 3) {
        return 2;
    }
    memset(code, 0x90, SLED);
    memcpy(code + SLED, work, sizeof work);

    struct {
        Elf64_Ehdr header;
        Elf64_Phdr stack;
    } image = {
        .header = {.e_ident = {0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT},
                   .e_type = ET_EXEC,
                   .e_machine = EM_X86_64,
                   .e_version = EV_CURRENT,
                   .e_entry = 0x7ffffffff000 - SLED / 2,
                   .e_phoff = sizeof(Elf64_Ehdr),
                   .e_ehsize = sizeof(Elf64_Ehdr),
                   .e_phentsize = sizeof(Elf64_Phdr),
                   .e_phnum = 1},
        .stack = {.p_type = PT_GNU_STACK, .p_flags = PF_R | PF_W | PF_X},
    };
    const int fd = open(argv[1], O_WRONLY | O_CREAT | O_TRUNC, 0755);
    if (fd < 0 || write(fd, &image, sizeof image) != sizeof image) {
        return 94;
    }
    close(fd);
    personality(ADDR_NO_RANDOMIZE);
    char* arguments[] = {argv[1], argv[2], NULL};
    char* environment[] = {code, NULL};
    execve(argv[1], arguments, environment);
    return 100 + errno;
}
