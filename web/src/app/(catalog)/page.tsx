import type { Metadata } from 'next'
import { cookies } from 'next/headers'
import { Hero } from '@/components/home/hero'
import { HomeRow } from '@/components/home/home-row'
import { WelcomeBand } from '@/components/home/welcome-band'
import { getTranslations } from '@/i18n/server'
import { signedInCookie } from '@/lib/api/marks'
import { inOrderOf, interestsCookie, interestsOf } from '@/lib/catalog/interests'
import { readHome } from '@/lib/catalog/server'

export const metadata: Metadata = { alternates: { canonical: '/' } }

export default async function Home() {
  const t = await getTranslations('catalog')
  const jar = await cookies()
  const interests = interestsOf(jar.get(interestsCookie)?.value)
  const rows = inOrderOf(await readHome(), interests)
  const hasBegun = rows.some(({ kind }) => kind === 'continue_learning')
  return (
    <>
      {/* Who has begun something comes back for that: it is the first that they see. */}
      {hasBegun ? <h1 className="sr-only">{t('homeTitle')}</h1> : <Hero />}
      {!hasBegun && jar.has(signedInCookie) && interests.length === 0 && <WelcomeBand />}
      {rows.map((row, place) => (
        <HomeRow key={place} row={row} first={place === 0} />
      ))}
    </>
  )
}
