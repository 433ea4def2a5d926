import { getLocale, getTimeZone } from './server'
import { messages, type Messages, type Namespace } from './messages'
import { WordsProvider } from './words-provider'

/** Gives the client components below the messages of these namespaces, and no others: they are sent with the page. */
export async function Words({ of, children }: { of: Namespace[]; children: React.ReactNode }) {
  const locale = await getLocale()
  const chosen = Object.fromEntries(of.map((namespace) => [namespace, messages[locale][namespace]]))
  return (
    <WordsProvider locale={locale} timeZone={await getTimeZone()} messages={chosen as Partial<Messages>}>
      {children}
    </WordsProvider>
  )
}
