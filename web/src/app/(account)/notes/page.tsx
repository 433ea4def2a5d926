import { LogIn } from 'lucide-react'
import type { Metadata } from 'next'
import Link from 'next/link'
import { AllNotes } from '@/components/notes/all-notes'
import { Blank } from '@/components/ui/blank'
import { buttonStyles } from '@/components/ui/button'
import { getTranslations } from '@/i18n/server'
import { Words } from '@/i18n/words'
import { Queries } from '@/lib/api/query'
import { serverApi } from '@/lib/api/server'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('notes'))('all') }
}

export default async function Notes() {
  const [t, common] = [await getTranslations('notes'), await getTranslations('common')]
  const { response } = await (await serverApi()).GET('/api/v1/me')
  const signedIn = response.ok
  return (
    <div className="mx-auto max-w-3xl px-5 py-10">
      <h1 className="text-4xl font-extrabold">{t('all')}</h1>
      {signedIn ? (
        <>
          <p className="mt-2 text-muted">{t('allText')}</p>
          <Words of={['notes']}>
            <Queries>
              <AllNotes />
            </Queries>
          </Words>
        </>
      ) : (
        <Blank
          icon={LogIn}
          title={common('signedOutTitle')}
          action={
            <Link href="/sign-in?next=%2Fnotes" className={buttonStyles()}>
              {common('signIn')}
            </Link>
          }
        >
          {t('signInText')}
        </Blank>
      )}
    </div>
  )
}
