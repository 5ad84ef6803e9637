/** Where the host keeps what is ours: fixed places of the FHS, the same at a shell, under sudo and from systemd. */

/** The lock and the journal. */
export const stateDirectory = '/var/lib/postmulti'

/** What can be learnt again. */
export const cacheDirectory = '/var/cache/postmulti'

/** What the site decides. */
export const policyDirectory = '/etc/postmulti'
