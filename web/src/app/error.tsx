'use client'
import { CloudAlert } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { Blank } from '@/components/ui/blank'
import { Button } from '@/components/ui/button'

export default function ErrorPage({ reset }: { error: Error; reset: () => void }) {
  const t = useTranslations('common')
  return (
    <Blank icon={CloudAlert} title={t('errorTitle')} action={<Button onClick={reset}>{t('retry')}</Button>}>
      {t('errorText')}
    </Blank>
  )
}
