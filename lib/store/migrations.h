#pragma once

#include <glib.h>

/*
 * The layout of the store as numbered scripts. The array is generated at build time from
 * lib/store/migrations/NNNN-name.sql; `number` runs from 1 without a gap and is the
 * user_version that the script leads to.
 */

typedef struct {
    int number;
    const char *name;
    const char *sql;
} CnMigration;

extern const CnMigration cn_migrations[];
extern const gsize cn_migrations_len;
