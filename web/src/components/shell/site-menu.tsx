'use client'
import { Check, Menu as Bars } from 'lucide-react'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { useLocale, useTranslations } from 'use-intl'
import { Menu, MenuContent, MenuItem, MenuSeparator, MenuTrigger } from '@/components/ui/menu'
import { chooseLocale, keepChoice } from '@/i18n/choose'
import { locales } from '@/i18n/locales'
import { showTheme, themeCookie, themes, type Theme } from '@/lib/theme'

const languageNames = { en: 'English', ko: '한국어' }

/** Navigation on small screens, language and colours on all. */
export function SiteMenu({ chosenTheme }: { chosenTheme: Theme }) {
  const t = useTranslations('common')
  const locale = useLocale()
  const router = useRouter()
  const [theme, setTheme] = useState(chosenTheme)
  const themeNames = { system: t('themeSystem'), light: t('themeLight'), dark: t('themeDark') }
  return (
    <Menu>
      <MenuTrigger aria-label={t('openMenu')} className="grid size-11 place-items-center rounded-full hover:bg-ink/7">
        <Bars className="size-5" aria-hidden />
      </MenuTrigger>
      <MenuContent>
        <div className="md:hidden">
          <MenuItem render={<Link href="/explore" />}>{t('explore')}</MenuItem>
          <MenuItem render={<Link href="/collections" />}>{t('collections')}</MenuItem>
          <MenuItem render={<Link href="/studio" />}>{t('teach')}</MenuItem>
          <MenuItem render={<Link href="/sign-in" />} className="sm:hidden">
            {t('signIn')}
          </MenuItem>
          <MenuSeparator />
        </div>
        <Heading>{t('language')}</Heading>
        {locales.map((each) => (
          <Choice
            key={each}
            chosen={each === locale}
            onChoose={() => {
              chooseLocale(each)
              router.refresh()
            }}
          >
            <span lang={each}>{languageNames[each]}</span>
          </Choice>
        ))}
        <MenuSeparator />
        <Heading>{t('theme')}</Heading>
        {themes.map((each) => (
          <Choice
            key={each}
            chosen={each === theme}
            onChoose={() => {
              setTheme(each)
              keepChoice(themeCookie, each)
              showTheme(each)
            }}
          >
            {themeNames[each]}
          </Choice>
        ))}
      </MenuContent>
    </Menu>
  )
}

const Heading = ({ children }: { children: React.ReactNode }) => (
  <p className="px-3 pt-1.5 pb-1 text-xs font-bold text-muted">{children}</p>
)

type ChoiceProps = { chosen: boolean; onChoose: () => void; children: React.ReactNode }

function Choice({ chosen, onChoose, children }: ChoiceProps) {
  return (
    <MenuItem role="menuitemradio" aria-checked={chosen} onClick={onChoose}>
      <Check className={chosen ? 'size-4 text-accent' : 'size-4 opacity-0'} aria-hidden />
      {children}
    </MenuItem>
  )
}
