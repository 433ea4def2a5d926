const ANY_ORIGIN = 'https://here.invalid'

/**
 * Where to go after signing in: the path that was asked for, or the home page where it would lead to another site.
 *
 * Browsers drop tabs and line feeds from addresses and read \ as /, so nothing is judged before it is parsed as they
 * would. Source: OWASP, "Unvalidated Redirects and Forwards Cheat Sheet"; WHATWG URL, section 4.4.
 */
export function nextPath(asked: string | string[] | null | undefined): string {
  if (typeof asked !== 'string' || !asked.startsWith('/')) return '/'
  const url = URL.canParse(asked, ANY_ORIGIN) ? new URL(asked, ANY_ORIGIN) : null
  if (url?.origin !== ANY_ORIGIN) return '/'
  const path = url.pathname + url.search + url.hash
  // Nothing but a path is left, and yet two slashes at its start would name a host.
  return path.startsWith('//') ? '/' : path
}

/** The address of the sign-in page that leads back to `path`. */
export const signInPath = (path: string) => (path === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(path)}`)
