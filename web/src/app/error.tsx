'use client'
import { CloudAlert } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { startTransition } from 'react'
import { useTranslations } from 'use-intl'
import { Blank } from '@/components/ui/blank'
import { Button } from '@/components/ui/button'

export default function ErrorPage({ reset }: { error: Error; reset: () => void }) {
  const t = useTranslations('common')
  const router = useRouter()
  // What failed on the server is asked for again; to show the same page anew would show the same failure.
  const retry = () =>
    startTransition(() => {
      router.refresh()
      reset()
    })
  return (
    <Blank icon={CloudAlert} title={t('errorTitle')} action={<Button onClick={retry}>{t('retry')}</Button>}>
      {t('errorText')}
    </Blank>
  )
}
