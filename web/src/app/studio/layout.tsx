import type { Metadata } from 'next'
import { cookies } from 'next/headers'
import { Gate } from '@/components/studio/gate'
import { Teach } from '@/components/studio/teach'
import { Toasts } from '@/components/ui/toast'
import { getTranslations } from '@/i18n/server'
import { Words } from '@/i18n/words'
import { signedInCookie } from '@/lib/api/marks'
import { Queries } from '@/lib/api/query'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('studio')
  return { title: t('title') }
}

export default async function StudioLayout({ children }: { children: React.ReactNode }) {
  const signedIn = (await cookies()).has(signedInCookie)
  return (
    <Words of={['studio']}>
      {signedIn ? (
        <Queries>
          <Toasts>
            <Gate>{children}</Gate>
          </Toasts>
        </Queries>
      ) : (
        <Teach email={null} />
      )}
    </Words>
  )
}
