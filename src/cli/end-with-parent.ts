/**
 * Loaded into a process that another started with a channel: when that one is gone, however it ended, this one is asked to
 * end as well. The channel alone keeps nothing running.
 */
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
process.channel?.unref()
