import 'server-only'
import compile from 'icu-minify/compile'
import type { Locale } from './locales'
import { written, type Messages } from './messages'

type Tree = { [key: string]: string | Tree }

const compiledTree = (tree: Tree): Tree =>
  Object.fromEntries(
    Object.entries(tree).map(([key, value]) => [
      key,
      // A compiled message is what only the formatter reads: for all others it stays a text. Cloned, since its objects
      // have no prototype, and such are not sent to client components.
      typeof value === 'string' ? (structuredClone(compile(value)) as string) : compiledTree(value),
    ]),
  )

/** All messages, parsed once per process: what is sent to browsers needs no parser there. */
export const messages: Record<Locale, Messages> = {
  en: compiledTree(written.en) as Messages,
  ko: compiledTree(written.ko) as Messages,
}
