'use client'
import { createContext, useContext, useMemo } from 'react'
import { IntlProvider } from 'use-intl'
import type { Locale } from './locales'
import type { Messages } from './messages'

const Outer = createContext<Partial<Messages>>({})

/** The messages of the layouts around it stay within reach. */
export function WordsProvider(props: {
  locale: Locale
  timeZone: string
  messages: Partial<Messages>
  children: React.ReactNode
}) {
  const outer = useContext(Outer)
  const all = useMemo(() => ({ ...outer, ...props.messages }), [outer, props.messages])
  return (
    <Outer value={all}>
      <IntlProvider locale={props.locale} messages={all as Messages} timeZone={props.timeZone}>
        {props.children}
      </IntlProvider>
    </Outer>
  )
}
