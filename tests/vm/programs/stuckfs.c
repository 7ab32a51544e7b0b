// SPDX-License-Identifier: Apache-2.0
// stuckfs MOUNTPOINT SOURCE: a file system in user space (FUSE) that keeps others waiting. Its files have the bytes of
// SOURCE: `free` is an ordinary one; of `stuck` only the first page is ever given, so that an exec of it hangs where it
// touches another; a look at `hang` has no answer. Prints "ready"; ends with SIGTERM, and what waits fails then.
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

enum { kFree = 2, kStuck = 3 };

static int device;
static char* content;
static size_t content_size;

static void reply(const struct fuse_in_header* in, int error, const void* data, size_t size) {
    static char buffer[sizeof(struct fuse_out_header) + (1 << 20)];
    struct fuse_out_header out = {(uint32_t)(sizeof out + size), -error, in->unique};
    memcpy(buffer, &out, sizeof out);
    memcpy(buffer + sizeof out, data, size);
    if (write(device, buffer, sizeof out + size) < 0 && errno != ENOENT) {
        perror("stuckfs: reply");
    }
}

static struct fuse_attr attributes(uint64_t node) {
    struct fuse_attr attr = {.ino = node, .nlink = 1, .blksize = 4096};
    attr.mode = node == FUSE_ROOT_ID ? S_IFDIR | 0755 : S_IFREG | 0755;
    attr.size = node == FUSE_ROOT_ID ? 0 : content_size;
    return attr;
}

static void look(const struct fuse_in_header* in, const char* name) {
    struct fuse_entry_out entry = {.entry_valid = 1000, .attr_valid = 1000};
    if (strcmp(name, "hang") == 0) {
        return;
    }
    entry.nodeid = strcmp(name, "free") == 0 ? kFree : strcmp(name, "stuck") == 0 ? kStuck : 0;
    if (entry.nodeid == 0) {
        reply(in, ENOENT, NULL, 0);
        return;
    }
    entry.attr = attributes(entry.nodeid);
    reply(in, 0, &entry, sizeof entry);
}

static void give(const struct fuse_in_header* in, const struct fuse_read_in* wanted) {
    const size_t at = wanted->offset < content_size ? wanted->offset : content_size;
    const size_t size = wanted->size < content_size - at ? wanted->size : content_size - at;
    if (in->nodeid == kStuck && at + size > 4096) {
        return;
    }
    reply(in, 0, content + at, size);
}

static void serve(const struct fuse_in_header* in, const void* argument) {
    switch (in->opcode) {
    case FUSE_INIT: {
        const struct fuse_init_in* wanted = argument;
        struct fuse_init_out out = {.major = FUSE_KERNEL_VERSION,
                                    .minor = wanted->minor < 31 ? wanted->minor : 31,
                                    .max_readahead = 0, // a page at a time
                                    .max_write = 4096};
        reply(in, 0, &out, sizeof out);
        break;
    }
    case FUSE_LOOKUP:
        look(in, argument);
        break;
    case FUSE_GETATTR: {
        struct fuse_attr_out out = {.attr_valid = 1000, .attr = attributes(in->nodeid)};
        reply(in, 0, &out, sizeof out);
        break;
    }
    case FUSE_OPEN: {
        struct fuse_open_out out = {.fh = in->nodeid};
        reply(in, 0, &out, sizeof out);
        break;
    }
    case FUSE_READ:
        give(in, argument);
        break;
    case FUSE_RELEASE:
        reply(in, 0, NULL, 0);
        break;
    case FUSE_FORGET:
    case FUSE_BATCH_FORGET:
    case FUSE_INTERRUPT:
        break;
    default:
        reply(in, ENOSYS, NULL, 0);
    }
}

int main(int argc, char** argv) {
    if (argc != 3) {
        return 2;
    }
    struct stat found;
    const int source = open(argv[2], O_RDONLY | O_CLOEXEC);
    if (source < 0 || fstat(source, &found) != 0) {
        perror(argv[2]);
        return 1;
    }
    content_size = (size_t)found.st_size;
    content = malloc(content_size);
    device = open("/dev/fuse", O_RDWR | O_CLOEXEC);
    char options[100];
    snprintf(options, sizeof options, "fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other", device);
    if (read(source, content, content_size) != found.st_size || device < 0 ||
        mount("stuckfs", argv[1], "fuse", 0, options) != 0) {
        perror("stuckfs");
        return 1;
    }
    puts("ready");
    fflush(stdout);
    static char request[1 << 20];
    while (read(device, request, sizeof request) > 0 || errno == EINTR || errno == ENOENT) {
        serve((const struct fuse_in_header*)request, request + sizeof(struct fuse_in_header));
    }
    return 0;
}
