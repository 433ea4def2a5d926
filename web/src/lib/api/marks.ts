/** Says that somebody is signed in on this browser: what the header shows depends on it, and nothing else. */
export const signedInCookie = 'kosu_signed_in'
