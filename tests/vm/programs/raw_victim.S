/* SPDX-License-Identifier: Apache-2.0 */
/* The forbidden thing as the very first instructions, without libc: exit 0 when denied. Linked static, and a second time
 * without any file-backed segment (the stack is executable, the code comes from the arguments' page): see no_load.c. */
	.globl _start
	.text
_start:
	mov $257, %eax          /* openat */
	mov $-100, %rdi
	lea path(%rip), %rsi
	mov $0x10000, %edx      /* O_DIRECTORY */
	xor %r10d, %r10d
	syscall
	xor %edi, %edi
	cmp $-13, %rax          /* -EACCES */
	je 1f
	mov $1, %edi
1:	mov $60, %eax
	syscall
path:	.asciz "/"
	.section .note.GNU-stack,"",@progbits
