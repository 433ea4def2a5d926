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

const entrances: readonly string[] = ['/sign-in', '/sign-up', '/reset']

/** The address of a page by which people come in, from where it leads on to `path`, or where that entrance would. */
function entrance(page: string, path: string): string {
  const { pathname, searchParams } = new URL(path, ANY_ORIGIN)
  const next = entrances.includes(pathname) ? nextPath(searchParams.get('next')) : path
  return next === '/' ? page : `${page}?next=${encodeURIComponent(next)}`
}

/** The address of the sign-in page that leads back to `path`, which may have a query. */
export const signInPath = (path: string) => entrance('/sign-in', path)

/** Likewise of the page where accounts are made. */
export const signUpPath = (path: string) => entrance('/sign-up', path)
