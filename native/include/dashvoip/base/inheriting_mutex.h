#ifndef DASHVOIP_BASE_INHERITING_MUTEX_H_
#define DASHVOIP_BASE_INHERITING_MUTEX_H_

#include <pthread.h>

#include <mutex>

namespace dashvoip {

/**
 * A mutex that a real-time thread and an ordinary one share: whoever holds it runs with the
 * priority of who waits for it (PTHREAD_PRIO_INHERIT), so that a third thread in between delays
 * neither. Takes std::lock_guard, std::unique_lock and std::condition_variable, as every std::mutex
 * does.
 */
class InheritingMutex : public std::mutex {
 public:
  InheritingMutex() {
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    // Refused only by a C library without priority inheritance: then it is a plain mutex.
    pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_INHERIT);
    pthread_mutex_destroy(native_handle());
    pthread_mutex_init(native_handle(), &attributes);
    pthread_mutexattr_destroy(&attributes);
  }
  ~InheritingMutex() { pthread_mutex_destroy(native_handle()); }
};

}  // namespace dashvoip

#endif  // DASHVOIP_BASE_INHERITING_MUTEX_H_
