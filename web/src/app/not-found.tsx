import { Compass } from 'lucide-react'
import Link from 'next/link'
import { Blank } from '@/components/ui/blank'
import { buttonStyles } from '@/components/ui/button'
import { getTranslations } from '@/i18n/server'

export default async function NotFound() {
  const t = await getTranslations('common')
  return (
    <Blank
      icon={Compass}
      title={t('notFoundTitle')}
      action={
        <>
          <Link href="/explore" className={buttonStyles()}>
            {t('explore')}
          </Link>
          <Link href="/" className={buttonStyles({ tone: 'outline' })}>
            {t('home')}
          </Link>
        </>
      }
    >
      {t('notFoundText')}
    </Blank>
  )
}
