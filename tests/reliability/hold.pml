/* How a place is held, accepted, given back and held again, for every order in which it can happen.
 *
 * CLIENTS send one request each for one of PLACES places. A send may be repeated, since its answer
 * may have been lost. A hold ends when the clock says so, without a write: it is counted as free by
 * whoever looks. Time is one clock that only moves forward: who reads a machine whose clock was set
 * back takes the latest time that was ever seen. Each step of a client is one transaction.
 *
 * A name given with -D plants a fault, which must then be found:
 *   COUNT_THEN_TAKE   the free places are counted in one transaction and taken in the next
 *   ACCEPT_LATE       an expired hold is accepted as if it still stood
 *   RETRY_WITHOUT_KEY a repeated send is another one
 *   CLOCK_AS_IT_IS    the machine's clock is believed, also where it was set back
 *   KEEP_ON_CANCEL    a cancelled acceptance keeps its place
 */
#ifndef CLIENTS
#define CLIENTS 2
#endif
#ifndef PLACES
#define PLACES 1
#endif
#define HOLD  2 /* ticks that a hold lasts */
#define END   4 /* ticks until the clock stands */

mtype = {none, held, accepted, declined, completed, cancelled, expired};

byte machine = 0;   /* what the machine's clock shows */
byte seen = 0;      /* the latest time that the store has seen */
byte really = 0;    /* true time, which no program knows */
byte occupied = 0;  /* the store's count */

mtype state[CLIENTS];
byte until[CLIENTS]; /* when the hold ends, by the store's clock */
bool gone[CLIENTS];  /* somebody has seen that the hold had ended */
byte takes[CLIENTS]; /* of the one request that the client has */

byte n; /* scratch of a transaction; back to 0 at its end */
byte k;

#ifdef CLOCK_AS_IT_IS
#define read_clock() seen = machine
#else
#define read_clock() seen = (machine > seen -> machine : seen)
#endif

/* Holds that stand now. */
inline count_holds()
{
    n = 0; k = 0;
    do
    :: k < CLIENTS ->
        if
        :: state[k] == held && until[k] > seen -> n++
        :: state[k] == held && until[k] <= seen -> gone[k] = true
        :: else
        fi;
        k++
    :: else -> break
    od;
    k = 0
}

inline take(me)
{
    state[me] = held; until[me] = seen + HOLD; takes[me]++;
    assert(takes[me] == 1)
}

/* What must be true after every transaction. */
inline check()
{
    count_holds();
    assert(occupied + n <= PLACES);
    n = 0
}

proctype Client(byte me)
{
    byte free = 0;
    byte sends = 0;

    /* The send, and again where its answer was lost. */
    do
    :: sends < 2 ->
#ifdef COUNT_THEN_TAKE
        d_step { read_clock(); count_holds(); free = PLACES - occupied - n; n = 0 };
        d_step {
            read_clock();
            if
            :: state[me] == none && free > 0 -> take(me)
            :: else
            fi;
            free = 0; sends++;
            check()
        }
#else
        d_step {
            read_clock(); count_holds();
            if
            :: state[me] == none && occupied + n < PLACES -> take(me)
#ifdef RETRY_WITHOUT_KEY
            :: state[me] == held && occupied + n < PLACES -> take(me)
#endif
            :: else
            fi;
            n = 0; sends++;
            check()
        }
#endif
    :: sends > 0 -> break
    od;

    /* The provider's answer, or none. */
    if
    :: d_step {
            read_clock();
            if
#ifdef ACCEPT_LATE
            :: state[me] == held ->
#else
            :: state[me] == held && until[me] > seen ->
#endif
                /* Nobody may have seen it end before. */
                assert(!gone[me]);
                state[me] = accepted; occupied++
            :: state[me] == held && until[me] <= seen -> state[me] = expired
            :: else
            fi;
            check()
        }
    :: d_step {
            read_clock();
            if
            :: state[me] == held -> state[me] = declined
            :: else
            fi;
            check()
        }
    :: true /* nobody answers: the hold ends by itself */
    fi;

    /* What was accepted ends some time. */
    if
    :: atomic {
            state[me] == accepted ->
            if
            :: state[me] = completed; occupied--
            :: state[me] = cancelled;
#ifndef KEEP_ON_CANCEL
                occupied--
#endif
            fi;
            check()
        }
    :: state[me] != accepted
    fi
}

/* The machine's clock goes on with true time, and is set back once. */
proctype Clock()
{
    bool set_back = false;
    do
    :: really < END -> d_step { really++; machine++ }
    :: !set_back && machine > 0 -> d_step { set_back = true; machine-- }
    :: really == END -> break
    od
}

/* Looks at any moment: a hold that ended has ended for good. */
proctype Observer()
{
    byte looks = 0;
    do
    :: looks < 2 ->
        d_step { read_clock(); looks++; check() };
        d_step {
            k = 0;
            do
            :: k < CLIENTS ->
                assert(!(gone[k] && state[k] == held && until[k] > seen));
                k++
            :: else -> break
            od;
            k = 0
        }
    :: looks == 2 -> break
    od
}

init
{
    byte i = 0;
    atomic {
        do
        :: i < CLIENTS -> state[i] = none; run Client(i); i++
        :: else -> break
        od;
        run Clock();
        run Observer()
    }
    /* At the end, long after every hold: every place is free again, none is lost. */
    _nr_pr == 1;
    d_step {
        machine = END + HOLD + 1; read_clock(); count_holds();
        assert(n == 0 && occupied == 0)
    }
}
