import type { PartTarget, Surroundings } from './transfer'

// These the browser sets by itself, and lets nobody else.
const SET_BY_THE_BROWSER = new Set(['content-length', 'host'])
const LONGEST_PART_MS = 10 * 60_000

// fetch tells nothing of how much of a body has been sent.
function put(target: PartTarget, body: Blob, onSent: (bytes: number) => void, signal: AbortSignal): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    const abort = () => request.abort()
    request.open('PUT', target.url)
    request.timeout = LONGEST_PART_MS
    for (const [name, value] of Object.entries(target.headers))
      if (!SET_BY_THE_BROWSER.has(name.toLowerCase())) request.setRequestHeader(name, value)
    request.upload.onprogress = (event) => onSent(event.loaded)
    request.onloadend = () => {
      signal.removeEventListener('abort', abort)
      if (signal.aborted) reject(signal.reason)
      else resolve(request.status)
    }
    signal.addEventListener('abort', abort, { once: true })
    request.send(body)
  })
}

function until(signal: AbortSignal, begin: (done: () => void) => () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    const stop = () => {
      end()
      reject(signal.reason)
    }
    const end = begin(() => {
      signal.removeEventListener('abort', stop)
      resolve()
    })
    signal.addEventListener('abort', stop, { once: true })
  })
}

export const browserSurroundings: Surroundings = {
  put,
  pause: (ms, signal) =>
    until(signal, (done) => {
      const timer = setTimeout(done, ms)
      return () => clearTimeout(timer)
    }),
  online: (signal) =>
    until(signal, (done) => {
      if (navigator.onLine) queueMicrotask(done)
      addEventListener('online', done, { once: true })
      return () => removeEventListener('online', done)
    }),
  isOnline: () => navigator.onLine,
  random: Math.random,
}
