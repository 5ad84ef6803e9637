/** Where the host keeps what is ours: fixed places of the FHS, the same at a shell, under sudo and from systemd. */

/** The lock and the journal. */
export const stateDirectory = '/var/lib/postmulti'

/** What can be learnt again. */
export const cacheDirectory = '/var/cache/postmulti'

/** Where root's programs are; what a caller has in his PATH is asked only for what he wants to be run. */
export const systemPath = '/usr/bin:/bin:/usr/sbin:/sbin'

/** The same with what the site has put on top: for programs that it brings, or wants to be run. */
export const sitePath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** What the site decides. */
export const policyDirectory = '/etc/postmulti'
