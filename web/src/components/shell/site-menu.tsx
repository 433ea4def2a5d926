'use client'
import { Check, Menu } from 'lucide-react'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'
import { useLocale, useTranslations } from 'use-intl'
import { PopoverMenu, popoverItem } from '@/components/ui/popover-menu'
import { chooseLocale, keepChoice } from '@/i18n/choose'
import { locales } from '@/i18n/locales'
import { clsx } from 'clsx'
import { followTheme, themeCookie, themes, type Theme } from '@/lib/theme'
import { SignInLink } from './sign-in-link'

const languageNames = { en: 'English', ko: '한국어' }

/** Navigation on small screens, language and colours on all. */
export function SiteMenu({ chosenTheme }: { chosenTheme: Theme }) {
  const t = useTranslations('common')
  const locale = useLocale()
  const router = useRouter()
  const [theme, setTheme] = useState(chosenTheme)
  useEffect(() => followTheme(theme), [theme])
  const themeNames = { system: t('themeSystem'), light: t('themeLight'), dark: t('themeDark') }
  return (
    <PopoverMenu label={t('openMenu')} icon={<Menu className="size-5" aria-hidden />} className="hover:bg-ink/7">
      <nav aria-label={t('mainNavigation')} className="md:hidden">
        {[
          ['/explore', t('explore')] as const,
          ['/collections', t('collections')] as const,
          ['/studio', t('teach')] as const,
        ].map(([href, name]) => (
          <Link key={href} href={href} className={popoverItem}>
            {name}
          </Link>
        ))}
        <SignInLink className={clsx(popoverItem, 'sm:hidden')} />
        <hr className="mx-3 my-1.5 border-line" />
      </nav>
      <Choices title={t('language')}>
        {locales.map((each) => (
          <Choice
            key={each}
            lang={each}
            chosen={each === locale}
            onChoose={() => {
              chooseLocale(each)
              router.refresh()
            }}
          >
            {languageNames[each]}
          </Choice>
        ))}
      </Choices>
      <hr className="mx-3 my-1.5 border-line" />
      <Choices title={t('theme')}>
        {themes.map((each) => (
          <Choice
            key={each}
            chosen={each === theme}
            onChoose={() => {
              setTheme(each)
              keepChoice(themeCookie, each)
            }}
          >
            {themeNames[each]}
          </Choice>
        ))}
      </Choices>
    </PopoverMenu>
  )
}

function Choices({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <div role="group" aria-label={title}>
      <p className="px-3 pt-1.5 pb-1 text-xs font-bold text-muted" aria-hidden>
        {title}
      </p>
      {children}
    </div>
  )
}

type ChoiceProps = { chosen: boolean; lang?: string; onChoose: () => void; children: React.ReactNode }

function Choice({ chosen, lang, onChoose, children }: ChoiceProps) {
  return (
    <button type="button" lang={lang} aria-pressed={chosen} onClick={onChoose} className={popoverItem}>
      <Check className={chosen ? 'size-4 text-accent' : 'size-4 opacity-0'} aria-hidden />
      {children}
    </button>
  )
}
