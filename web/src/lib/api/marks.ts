/** Says that somebody is signed in on this browser: what the header shows depends on it, and nothing else. */
export const signedInCookie = 'kosu_signed_in'
/** When this browser last asked for an access token, and what it was answered: read by scripts alone. */
export const askedCookie = 'kosu_session_asked'
