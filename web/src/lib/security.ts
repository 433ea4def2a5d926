/** Where this site's pages may load from and send to besides itself, from the server's environment. */
export interface Origins {
  /** Of the object store, to which browsers send their uploads. */
  upload?: string | undefined
  /** Of media, where it has a host of its own. */
  media?: string | undefined
}

/**
 * What a page may do, as Content-Security-Policy: scripts are this site's own files, and those written into the page
 * that carry its nonce. Attributes of style are allowed, for positions and widths are set by them.
 *
 * Source: W3C Content Security Policy Level 3; OWASP Content Security Policy Cheat Sheet.
 */
export function securityPolicy(nonce: string, { upload, media }: Origins, { dev = false, https = false } = {}) {
  const elsewhere = (...origins: (string | undefined)[]) => origins.filter((origin) => origin !== undefined)
  const directives: Record<string, string[]> = {
    'default-src': ["'self'"],
    // React in development compiles what it shows of errors.
    'script-src': ["'self'", `'nonce-${nonce}'`, ...(dev ? ["'unsafe-eval'"] : [])],
    'style-src': ["'self'", "'unsafe-inline'"],
    'img-src': ["'self'", 'data:', 'blob:', ...elsewhere(media)],
    'media-src': ["'self'", 'blob:', ...elsewhere(media)],
    'connect-src': ["'self'", ...elsewhere(upload, media), ...(dev ? ['ws:'] : [])],
    'font-src': ["'self'"],
    // hls.js takes videos apart in a worker that it makes of its own text.
    'worker-src': ["'self'", 'blob:'],
    'frame-src': ["'self'"],
    'object-src': ["'none'"],
    'base-uri': ["'none'"],
    'form-action': ["'self'"],
    'frame-ancestors': ["'none'"],
    ...(https ? { 'upgrade-insecure-requests': [] } : {}),
  }
  return Object.entries(directives)
    .map(([name, values]) => [name, ...values].join(' '))
    .join('; ')
}

/** What else every page says of itself. */
export function securityHeaders({ https = false } = {}): Record<string, string> {
  return {
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'strict-origin-when-cross-origin',
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
    ...(https ? { 'strict-transport-security': 'max-age=31536000; includeSubDomains' } : {}),
  }
}
