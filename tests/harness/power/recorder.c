/*
 * Preloaded into a program, writes down in one order what it asks the file system to change below one folder.
 *
 * Everything is done for real except the flushes: what they promise is judged afterwards, on the disk that is rebuilt
 * from the journal, so a flush is written down and comes back at once. Writes to one descriptor of the program's
 * choosing stand in the same order, so that it is known what had been said when the power went. One lock is held round
 * the act and its line. Stores through mmap are not seen: SQLite maps nothing but its -shm file, which may be lost.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define MOST_FILES 4096

struct line {
    uint8_t kind;
    uint8_t unused[7];
    uint64_t inode;
    uint64_t at;
    uint64_t length;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int journal = -1;
static int said = -1;
static const char *folder;
static size_t folder_length;
static uint8_t watched[MOST_FILES];

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("POWER_JOURNAL"), *words = getenv("POWER_SAID");
    folder = getenv("POWER_FOLDER");
    unsetenv("LD_PRELOAD");
    if (!path || !folder || !words) return;
    folder_length = strlen(folder);
    said = atoi(words);
    journal = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (journal < 0) _exit(99);
}

static int below(const char *path) {
    if (journal < 0 || !path || strncmp(path, folder, folder_length)) return 0;
    return !path[folder_length] || path[folder_length] == '/';
}

static int is_watched(int file) { return journal >= 0 && file >= 0 && file < MOST_FILES && watched[file]; }

static void note(char kind, uint64_t inode, uint64_t at, const void *bytes, uint64_t length) {
    struct line line = {.kind = (uint8_t)kind, .inode = inode, .at = at, .length = length};
    struct iovec parts[2] = {{&line, sizeof line}, {(void *)bytes, length}};
    ssize_t whole = (ssize_t)(sizeof line + length);
    if (syscall(SYS_writev, journal, parts, 2) != whole) _exit(99);
}

static uint64_t inode_of(int file) {
    struct stat found;
    return syscall(SYS_fstat, file, &found) ? 0 : found.st_ino;
}

static int exists(const char *path) {
    struct stat found;
    return lstat(path, &found) == 0;
}

static int open_watched(int at, const char *path, int flags, mode_t mode) {
    pthread_mutex_lock(&lock);
    int was_there = exists(path);
    int file = (int)syscall(SYS_openat, at, path, flags, mode);
    int error = errno;
    if (file >= MOST_FILES) _exit(99);
    if (file >= 0 && (flags & O_TMPFILE) != O_TMPFILE) {
        watched[file] = 1;
        if (!was_there) note('c', inode_of(file), 0, path, strlen(path));
        else if (flags & O_TRUNC) note('t', inode_of(file), 0, NULL, 0);
    }
    pthread_mutex_unlock(&lock);
    errno = error;
    return file;
}

static int open_any(int at, const char *path, int flags, mode_t mode) {
    if (below(path)) return open_watched(at, path, flags, mode);
    return (int)syscall(SYS_openat, at, path, flags, mode);
}

#define MODE(flags)                                       \
    mode_t mode = 0;                                      \
    if ((flags) & (O_CREAT | __O_TMPFILE)) {              \
        va_list rest;                                     \
        va_start(rest, flags);                            \
        mode = (mode_t)va_arg(rest, int);                 \
        va_end(rest);                                     \
    }

int open(const char *path, int flags, ...) { MODE(flags) return open_any(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE(flags) return open_any(AT_FDCWD, path, flags, mode); }
int openat(int at, const char *path, int flags, ...) { MODE(flags) return open_any(at, path, flags, mode); }
int openat64(int at, const char *path, int flags, ...) { MODE(flags) return open_any(at, path, flags, mode); }

int close(int file) {
    if (!is_watched(file)) return (int)syscall(SYS_close, file);
    pthread_mutex_lock(&lock);
    watched[file] = 0;
    int done = (int)syscall(SYS_close, file);
    pthread_mutex_unlock(&lock);
    return done;
}

static ssize_t write_at(int file, const void *bytes, size_t count, off_t at) {
    pthread_mutex_lock(&lock);
    ssize_t done = syscall(SYS_pwrite64, file, bytes, count, at);
    int error = errno;
    if (done > 0) note('w', inode_of(file), (uint64_t)at, bytes, (uint64_t)done);
    pthread_mutex_unlock(&lock);
    errno = error;
    return done;
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t at) {
    if (is_watched(file)) return write_at(file, bytes, count, at);
    return syscall(SYS_pwrite64, file, bytes, count, at);
}
ssize_t pwrite64(int file, const void *bytes, size_t count, off_t at) { return pwrite(file, bytes, count, at); }

ssize_t write(int file, const void *bytes, size_t count) {
    int speaks = journal >= 0 && file == said;
    if (!speaks && !is_watched(file)) return syscall(SYS_write, file, bytes, count);
    pthread_mutex_lock(&lock);
    ssize_t done = syscall(SYS_write, file, bytes, count);
    int error = errno;
    if (done > 0 && speaks) note('n', 0, 0, bytes, (uint64_t)done);
    else if (done > 0) note('w', inode_of(file), (uint64_t)(lseek(file, 0, SEEK_CUR) - done), bytes, (uint64_t)done);
    pthread_mutex_unlock(&lock);
    errno = error;
    return done;
}

int ftruncate(int file, off_t length) {
    if (!is_watched(file)) return (int)syscall(SYS_ftruncate, file, length);
    pthread_mutex_lock(&lock);
    int done = (int)syscall(SYS_ftruncate, file, length);
    int error = errno;
    if (!done) note('t', inode_of(file), (uint64_t)length, NULL, 0);
    pthread_mutex_unlock(&lock);
    errno = error;
    return done;
}
int ftruncate64(int file, off_t length) { return ftruncate(file, length); }

int fsync(int file) {
    if (!is_watched(file)) return (int)syscall(SYS_fsync, file);
    pthread_mutex_lock(&lock);
    note('s', inode_of(file), 0, NULL, 0);
    pthread_mutex_unlock(&lock);
    return 0;
}
int fdatasync(int file) { return is_watched(file) ? fsync(file) : (int)syscall(SYS_fdatasync, file); }

static int noted_if_done(int done, char kind, uint64_t inode, uint64_t at, const char *words, uint64_t length) {
    int error = errno;
    if (!done) note(kind, inode, at, words, length);
    pthread_mutex_unlock(&lock);
    errno = error;
    return done;
}

int mkdir(const char *path, mode_t mode) {
    if (!below(path)) return (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
    pthread_mutex_lock(&lock);
    int done = (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
    struct stat made = {0};
    if (!done) lstat(path, &made);
    return noted_if_done(done, 'd', made.st_ino, 0, path, strlen(path));
}

int unlink(const char *path) {
    if (!below(path)) return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
    pthread_mutex_lock(&lock);
    return noted_if_done((int)syscall(SYS_unlinkat, AT_FDCWD, path, 0), 'u', 0, 0, path, strlen(path));
}

int rename(const char *from, const char *to) {
    if (!below(from) && !below(to)) return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
    char both[8192];
    int length = snprintf(both, sizeof both, "%s%c%s", from, 0, to);
    if (length >= (int)sizeof both) _exit(99);
    pthread_mutex_lock(&lock);
    int done = (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
    return noted_if_done(done, 'r', 0, strlen(from), both, (uint64_t)length);
}
