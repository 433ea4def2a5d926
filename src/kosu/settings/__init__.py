"""Settings: read once from `KOSU_…` environment variables into frozen structs, one per technology.

A wrong or missing value stops the start with every problem listed, not only the first. `settings_table()` is the
documentation: `kosu doctor --settings` prints it.
"""

from kosu.settings.environment import SettingsError, read_settings, settings_table
from kosu.settings.fields import Secret, setting
from kosu.settings.gateways import PortOneSettings, StripeSettings, TossSettings
from kosu.settings.structs import (
    MOST_DEVICES,
    BillingSettings,
    CatalogSettings,
    DeliverySettings,
    HttpSettings,
    IdentitySettings,
    MailSettings,
    MediaSettings,
    MetricsSettings,
    ObjectStoreSettings,
    PostgresSettings,
    RedisSettings,
    Settings,
    TracingSettings,
)

__all__ = [
    "MOST_DEVICES",
    "BillingSettings",
    "CatalogSettings",
    "DeliverySettings",
    "HttpSettings",
    "IdentitySettings",
    "MailSettings",
    "MediaSettings",
    "MetricsSettings",
    "ObjectStoreSettings",
    "PortOneSettings",
    "PostgresSettings",
    "RedisSettings",
    "Secret",
    "Settings",
    "SettingsError",
    "StripeSettings",
    "TossSettings",
    "TracingSettings",
    "read_settings",
    "setting",
    "settings_table",
]
