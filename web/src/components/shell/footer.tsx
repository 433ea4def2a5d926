import { getTranslations } from '@/i18n/server'

export async function Footer() {
  const t = await getTranslations('common')
  return (
    <footer className="mt-20 border-t border-line">
      <div className="mx-auto flex max-w-6xl flex-wrap justify-between gap-3 px-5 py-8 text-sm text-muted">
        <p>© 2026 Kosu</p>
        <p>{t('tagline')}</p>
      </div>
    </footer>
  )
}
