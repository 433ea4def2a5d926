import type { Metadata } from 'next'
import { AllNotes } from '@/components/notes/all-notes'
import { MembersOnly } from '@/components/shell/members-only'
import { getTranslations } from '@/i18n/server'
import { Words } from '@/i18n/words'
import { Queries } from '@/lib/api/query'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('notes'))('all') }
}

export default async function Notes() {
  const t = await getTranslations('notes')
  return (
    <MembersOnly>
      <div className="mx-auto max-w-3xl px-5 py-10">
        <h1 className="text-4xl font-extrabold">{t('all')}</h1>
        <p className="mt-2 text-muted">{t('allText')}</p>
        <Words of={['notes']}>
          <Queries>
            <AllNotes />
          </Queries>
        </Words>
      </div>
    </MembersOnly>
  )
}
