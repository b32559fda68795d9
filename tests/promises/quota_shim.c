/* Lets no file below one directory become longer while a file "used-up" is in it: what the kernel
 * answers to somebody whose quota is used up.
 *
 * QUOTA_DIR: the directory.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static char directory[PATH_MAX], used_up[PATH_MAX + 16];

#define REAL(name) dlsym(RTLD_NEXT, name)

__attribute__((constructor)) static void begin(void) {
  const char *place = getenv("QUOTA_DIR");
  if (!place || !realpath(place, directory)) return;
  snprintf(used_up, sizeof used_up, "%s/used-up", directory);
}

static int refused(int fd, off_t end) {
  char link[40], path[PATH_MAX];
  struct stat found;
  size_t length = strlen(directory);
  if (!length || fd < 3) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t size = readlink(link, path, PATH_MAX - 1);
  if (size <= 0 || (size_t)size <= length || strncmp(path, directory, length)) return 0;
  return !access(used_up, F_OK) && !fstat(fd, &found) && end > found.st_size;
}

ssize_t write(int fd, const void *data, size_t size) {
  static ssize_t (*real)(int, const void *, size_t);
  if (!real) real = REAL("write");
  off_t place = lseek(fd, 0, SEEK_CUR);
  if (place >= 0 && refused(fd, place + (off_t)size)) {
    errno = EDQUOT;
    return -1;
  }
  return real(fd, data, size);
}

#define PLACED_WRITE(function, type)                                     \
  ssize_t function(int fd, const void *data, size_t size, type offset) { \
    static ssize_t (*real)(int, const void *, size_t, type);             \
    if (!real) real = REAL(#function);                                   \
    if (refused(fd, (off_t)offset + (off_t)size)) {                      \
      errno = EDQUOT;                                                    \
      return -1;                                                         \
    }                                                                    \
    return real(fd, data, size, offset);                                 \
  }
PLACED_WRITE(pwrite, off_t)
PLACED_WRITE(pwrite64, off64_t)
