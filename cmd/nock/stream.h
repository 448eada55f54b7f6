/*
 * stream -- nock-eval -j: a stream of jobs through a pool of workers.
 *
 * Each noun that is read is a job (plan.h); each job has one answer, in the
 * order of the jobs or, with --as-done, [index answer] as it is done:
 *
 *     [0 product]     it came to an end
 *     [1 path]        it asked for a path that --scry does not have
 *     [2 tanks]       it crashed: its trace, innermost first
 *     [3 kind words]  there is no answer: the machine failed, in the way
 *                     of bail.h; or `data`, the frame is no jam; or `died`,
 *                     the worker did, twice
 */
#ifndef STREAM_H
#define STREAM_H

/* Call when the plan is loaded.  The exit code. */
int stream_run(void);

#endif
