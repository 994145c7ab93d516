/* GLib's locks and counts of references in terms that the thread sanitizer sees. GLib itself is not
 * built with it, and its locks are futexes, so that without this every lock would look like none.
 * Linked into programs of a build with CARENET_SANITIZE=thread only; it takes the place of the
 * functions of the same name. */
#include <glib.h>
#include <pthread.h>
#include <stdlib.h>

#undef g_atomic_ref_count_init
#undef g_atomic_ref_count_inc
#undef g_atomic_ref_count_dec

/* A mutex that is zero is one, too: it gets its lock when it is first used. */
static pthread_mutex_t *
mutex_of(GMutex *mutex)
{
    pthread_mutex_t *lock = __atomic_load_n(&mutex->p, __ATOMIC_SEQ_CST);
    if (lock != NULL)
        return lock;
    gpointer none = NULL;
    lock = calloc(1, sizeof *lock);
    g_assert(lock != NULL && pthread_mutex_init(lock, NULL) == 0);
    if (__atomic_compare_exchange_n(&mutex->p, &none, lock, FALSE, __ATOMIC_SEQ_CST,
                                    __ATOMIC_SEQ_CST))
        return lock;
    free(lock);
    return none;
}

void
g_mutex_init(GMutex *mutex)
{
    mutex->p = NULL;
}

void
g_mutex_clear(GMutex *mutex)
{
    if (mutex->p == NULL)
        return;
    pthread_mutex_destroy(mutex->p);
    free(mutex->p);
    mutex->p = NULL;
}

void
g_mutex_lock(GMutex *mutex)
{
    g_assert(pthread_mutex_lock(mutex_of(mutex)) == 0);
}

void
g_mutex_unlock(GMutex *mutex)
{
    g_assert(pthread_mutex_unlock(mutex_of(mutex)) == 0);
}

void
g_atomic_ref_count_init(gatomicrefcount *count)
{
    __atomic_store_n(count, 1, __ATOMIC_SEQ_CST);
}

void
g_atomic_ref_count_inc(gatomicrefcount *count)
{
    __atomic_add_fetch(count, 1, __ATOMIC_SEQ_CST);
}

gboolean
g_atomic_ref_count_dec(gatomicrefcount *count)
{
    return __atomic_sub_fetch(count, 1, __ATOMIC_SEQ_CST) == 0;
}
