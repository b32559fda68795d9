/* Records every write, truncation, sync and removal below one directory, in their order, so that a
 * test can make up what a disk may hold after the power fails at any moment.
 *
 * CUT_DIR: the directory; CUT_LOG: where the record goes.
 * One record: kind (1 byte), length of the name (2), offset (8), length of the data (4), name, data.
 * Kinds: W write, T truncate to the offset, S sync of a file, D sync of the directory, U unlink.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static int log_fd = -1;
static char directory[PATH_MAX];
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

#define REAL(name) dlsym(RTLD_NEXT, name)

__attribute__((constructor)) static void begin(void) {
  const char *place = getenv("CUT_DIR"), *log = getenv("CUT_LOG");
  if (!place || !log || !realpath(place, directory)) return;
  log_fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

/* Returns the name within the directory, "" for the directory itself, NULL for anything else. */
static const char *inside(const char *path) {
  size_t length = strlen(directory);
  if (strncmp(path, directory, length)) return NULL;
  if (!path[length]) return path + length;
  if (path[length] != '/' || strchr(path + length + 1, '/')) return NULL;
  if (strstr(path + length, "-shm")) return NULL;
  return path + length + 1;
}

static const char *name_of(int fd, char *path) {
  char link[40];
  if (log_fd < 0 || fd < 3 || fd == log_fd) return NULL;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, PATH_MAX - 1);
  if (length <= 0) return NULL;
  path[length] = 0;
  return inside(path);
}

static void record(char kind, const char *name, int64_t offset, const void *data, uint32_t size) {
  static ssize_t (*real)(int, const void *, size_t);
  if (!real) real = REAL("write");
  uint16_t length = (uint16_t)strlen(name);
  size_t whole = 15 + length + size;
  char *text = malloc(whole);
  text[0] = kind;
  memcpy(text + 1, &length, 2);
  memcpy(text + 3, &offset, 8);
  memcpy(text + 11, &size, 4);
  memcpy(text + 15, name, length);
  if (size) memcpy(text + 15 + length, data, size);
  pthread_mutex_lock(&turn);
  if (real(log_fd, text, whole) != (ssize_t)whole) abort();
  pthread_mutex_unlock(&turn);
  free(text);
}

ssize_t write(int fd, const void *data, size_t size) {
  static ssize_t (*real)(int, const void *, size_t);
  if (!real) real = REAL("write");
  char path[PATH_MAX];
  const char *name = name_of(fd, path);
  struct stat found;
  off_t offset = name ? lseek(fd, 0, SEEK_CUR) : 0;
  if (name && (fcntl(fd, F_GETFL) & O_APPEND) && !fstat(fd, &found)) offset = found.st_size;
  ssize_t done = real(fd, data, size);
  if (name && done > 0) record('W', name, offset, data, (uint32_t)done);
  return done;
}

#define PLACED_WRITE(function, type)                                                    \
  ssize_t function(int fd, const void *data, size_t size, type offset) {                \
    static ssize_t (*real)(int, const void *, size_t, type);                            \
    if (!real) real = REAL(#function);                                                  \
    char path[PATH_MAX];                                                                \
    const char *name = name_of(fd, path);                                               \
    ssize_t done = real(fd, data, size, offset);                                        \
    if (name && done > 0) record('W', name, offset, data, (uint32_t)done);              \
    return done;                                                                        \
  }
PLACED_WRITE(pwrite, off_t)
PLACED_WRITE(pwrite64, off64_t)

#define TRUNCATION(function, type)                                                      \
  int function(int fd, type size) {                                                     \
    static int (*real)(int, type);                                                      \
    if (!real) real = REAL(#function);                                                  \
    char path[PATH_MAX];                                                                \
    const char *name = name_of(fd, path);                                               \
    int failed = real(fd, size);                                                        \
    if (name && !failed) record('T', name, size, NULL, 0);                              \
    return failed;                                                                      \
  }
TRUNCATION(ftruncate, off_t)
TRUNCATION(ftruncate64, off64_t)

#define SYNC(function)                                                                  \
  int function(int fd) {                                                                \
    static int (*real)(int);                                                            \
    if (!real) real = REAL(#function);                                                  \
    char path[PATH_MAX];                                                                \
    const char *name = name_of(fd, path);                                               \
    int failed = real(fd);                                                              \
    if (name && !failed) record(*name ? 'S' : 'D', name, 0, NULL, 0);                   \
    return failed;                                                                      \
  }
SYNC(fsync)
SYNC(fdatasync)

int unlink(const char *path) {
  static int (*real)(const char *);
  if (!real) real = REAL("unlink");
  int failed = real(path);
  const char *name = log_fd < 0 || failed ? NULL : inside(path);
  if (name && *name) record('U', name, 0, NULL, 0);
  return failed;
}
