//! The situations in which somebody can sign in: a finite space that the conditions of policies cut into parts.

use std::fmt;

/// Places on an axis as bits.
pub type Mask = u8;

/// A dimension of the space with a fixed number of places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Axis {
    /// With which kind of client.
    Client,
    /// On which platform.
    Platform,
    /// With which sign-in risk.
    SignInRisk,
    /// With which user risk.
    UserRisk,
    /// With which insider risk.
    InsiderRisk,
    /// By which transfer of authentication.
    Flow,
}

macro_rules! places {
    ($(#[$doc:meta])* $name:ident { $($(#[$place_doc:meta])* $place:ident = $bit:literal $word:literal $says:literal),* $(,)? } and [$($more:literal => $bits:expr),* $(,)?]) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($(#[$place_doc])* $place),* }

        impl $name {
            /// All places.
            pub const ALL: Mask = $($bit)|*;
            /// All places, in order.
            pub const EACH: &'static [Self] = &[$(Self::$place),*];
            /// Graph's words.
            pub const WORDS: &'static [(&'static str, Mask)] = &[$(($word, $bit),)* $(($more, $bits)),*];
            /// In a sentence.
            const SAYS: &'static [(Mask, &'static str)] = &[$(($bit, $says)),*];

            /// The place's bit.
            pub const fn bit(self) -> Mask {
                match self { $(Self::$place => $bit),* }
            }
        }
    };
}

places! {
    /// Kinds of clients (`conditionalAccessClientApp`).
    ClientType {
        /// Browsers.
        Browser = 1 "browser" "in a browser",
        /// Clients with modern authentication, sign-in by password in the background among them.
        MobileAndDesktop = 2 "mobileAppsAndDesktopClients" "with a mobile or desktop client",
        /// Exchange ActiveSync.
        ExchangeActiveSync = 4 "exchangeActiveSync" "with Exchange ActiveSync",
        /// Legacy clients.
        Other = 8 "other" "with a legacy client",
    } and ["all" => Self::ALL]
}

places! {
    /// Device platforms (`conditionalAccessDevicePlatform`). The platform is what the client says of itself.
    Platform {
        /// Android.
        Android = 1 "android" "Android",
        /// iOS and iPadOS.
        Ios = 2 "iOS" "iOS",
        /// Windows.
        Windows = 4 "windows" "Windows",
        /// Windows Phone.
        WindowsPhone = 8 "windowsPhone" "Windows Phone",
        /// macOS.
        MacOs = 16 "macOS" "macOS",
        /// Linux.
        Linux = 32 "linux" "Linux",
        /// None that Microsoft knows; only `all` includes it.
        Unknown = 64 "" "an unknown platform",
    } and ["all" => Self::ALL]
}

places! {
    /// Risk levels of a sign-in or of a user (`riskLevel`).
    Risk {
        /// No risk found.
        None = 1 "none" "none",
        /// Low.
        Low = 2 "low" "low",
        /// Medium.
        Medium = 4 "medium" "medium",
        /// High.
        High = 8 "high" "high",
    } and []
}

places! {
    /// Insider risk levels (`conditionalAccessInsiderRiskLevels`).
    InsiderRisk {
        /// No risk found.
        None = 1 "" "none",
        /// Minor.
        Minor = 2 "minor" "minor",
        /// Moderate.
        Moderate = 4 "moderate" "moderate",
        /// Elevated.
        Elevated = 8 "elevated" "elevated",
    } and []
}

places! {
    /// How authentication is handed on (`conditionalAccessTransferMethods`).
    Flow {
        /// It is not.
        Direct = 1 "" "without device code or transfer",
        /// Device code flow.
        DeviceCode = 2 "deviceCodeFlow" "by device code",
        /// Authentication transfer.
        Transfer = 4 "authenticationTransfer" "by authentication transfer",
    } and []
}

impl Axis {
    /// How many there are.
    pub const COUNT: usize = 6;
    /// All of them, in order.
    pub const EACH: [Self; Self::COUNT] = [
        Self::Client,
        Self::Platform,
        Self::SignInRisk,
        Self::UserRisk,
        Self::InsiderRisk,
        Self::Flow,
    ];

    /// Its place among the axes.
    pub const fn index(self) -> usize {
        self as usize
    }

    /// All its places.
    pub const fn all(self) -> Mask {
        match self {
            Self::Client => ClientType::ALL,
            Self::Platform => Platform::ALL,
            Self::SignInRisk | Self::UserRisk => Risk::ALL,
            Self::InsiderRisk => InsiderRisk::ALL,
            Self::Flow => Flow::ALL,
        }
    }

    /// Some of its places in a sentence about sign-ins.
    pub(super) fn words(self, mask: Mask) -> String {
        let (before, says) = match self {
            Self::Client => ("", ClientType::SAYS),
            Self::Platform => ("on ", Platform::SAYS),
            Self::SignInRisk => ("with sign-in risk ", Risk::SAYS),
            Self::UserRisk => ("with user risk ", Risk::SAYS),
            Self::InsiderRisk => ("with insider risk ", InsiderRisk::SAYS),
            Self::Flow => ("", Flow::SAYS),
        };
        let words: Vec<&str> = says
            .iter()
            .filter(|(bit, _)| mask & bit != 0)
            .map(|(_, word)| *word)
            .collect();
        format!("{before}{}", words.join(" or "))
    }
}

/// Something about a sign-in that is so or is not: where it comes from, or what its device is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Circumstance {
    /// It comes from this named location, by id in lower case.
    Location(String),
    /// It comes from a trusted place.
    Trusted,
    /// Its device matches this rule.
    DeviceRule(String),
    /// Its device is in this state: `Compliant` or `DomainJoined`.
    DeviceState(String),
}

impl fmt::Display for Circumstance {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Location(id) => write!(out, "location {id}"),
            Self::Trusted => out.write_str("trusted places"),
            Self::DeviceRule(rule) => write!(out, "devices that match `{rule}`"),
            Self::DeviceState(state) if state == "Compliant" => out.write_str("compliant devices"),
            Self::DeviceState(_) => out.write_str("hybrid joined devices"),
        }
    }
}

/// One concrete situation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Situation {
    /// One bit of each axis.
    pub at: [Mask; Axis::COUNT],
    /// The circumstances that hold; all others do not.
    pub holds: Vec<Circumstance>,
}
