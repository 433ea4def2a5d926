import enAuth from '@messages/en/auth.json'
import enCheckout from '@messages/en/checkout.json'
import enCommon from '@messages/en/common.json'
import enProblems from '@messages/en/problems.json'
import enSettings from '@messages/en/settings.json'
import koAuth from '@messages/ko/auth.json'
import koCheckout from '@messages/ko/checkout.json'
import koCommon from '@messages/ko/common.json'
import koProblems from '@messages/ko/problems.json'
import koSettings from '@messages/ko/settings.json'
import type { Locale } from './locales'

// A namespace for a part of the site, a file for a namespace and language; English says which messages there are.
const en = { auth: enAuth, checkout: enCheckout, common: enCommon, problems: enProblems, settings: enSettings }

export type Messages = typeof en
export type Namespace = keyof Messages

export const written: Record<Locale, Messages> = {
  en,
  ko: { auth: koAuth, checkout: koCheckout, common: koCommon, problems: koProblems, settings: koSettings },
}
