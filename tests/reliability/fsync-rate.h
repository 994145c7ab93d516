/* How often a second this machine can make a write durable: what figures of a store stand beside. */
#pragma once

/* Writes 4 KiB at a time into a file of its own in @folder, each synced, for about a second. */
double fsync_rate(const char *folder);
