//! The built-in directory roles by name (Microsoft Entra built-in roles).

use uuid::{Uuid, uuid};

/// Built-in directory roles: role template and name (Microsoft Entra built-in roles).
const DIRECTORY_ROLES: &[(Uuid, &str)] = &[
    (
        uuid!("9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3"),
        "Application Administrator",
    ),
    (uuid!("cf1c38e5-3621-4004-a7cb-879624dced7c"), "Application Developer"),
    (
        uuid!("c4e39bd9-1100-46d3-8c65-fb160da0071f"),
        "Authentication Administrator",
    ),
    (
        uuid!("0526716b-113d-4c15-b2c8-68e3c22b9f80"),
        "Authentication Policy Administrator",
    ),
    (uuid!("b0f54661-2d74-4c50-afa3-1ec803f12efe"), "Billing Administrator"),
    (
        uuid!("158c047a-c907-4556-b7ef-446551a6b5f7"),
        "Cloud Application Administrator",
    ),
    (
        uuid!("b1be1c3e-b65d-4f19-8427-f6fa0d97feb9"),
        "Conditional Access Administrator",
    ),
    (uuid!("88d8e3e3-8f55-4a1e-953a-9b9898b8876b"), "Directory Readers"),
    (
        uuid!("44367163-eba1-44c3-98af-f5787879f96a"),
        "Dynamics 365 Administrator",
    ),
    (uuid!("29232cdf-9323-42fd-ade2-1d097af3e4de"), "Exchange Administrator"),
    (uuid!("62e90394-69f5-4237-9190-012177145e10"), "Global Administrator"),
    (uuid!("f2ef992c-3afb-46b9-b7cf-a126ee74c451"), "Global Reader"),
    (uuid!("fdd7a751-b60b-444a-984c-02652fe8fa1c"), "Groups Administrator"),
    (uuid!("729827e3-9c14-49f7-bb1b-9608f156bbb8"), "Helpdesk Administrator"),
    (
        uuid!("45d8d3c5-c802-45c6-b32a-1d70b5e1e86e"),
        "Identity Governance Administrator",
    ),
    (uuid!("4d6ac14f-3453-41d0-bef9-a3e0c569773a"), "License Administrator"),
    (uuid!("966707d0-3269-4727-9be2-8c3a10f19b9d"), "Password Administrator"),
    (
        uuid!("11648597-926c-4cf3-9c36-bcebb0ba8dcc"),
        "Power Platform Administrator",
    ),
    (
        uuid!("7be44c8a-adaf-4e2a-84d6-ab2649e08a13"),
        "Privileged Authentication Administrator",
    ),
    (
        uuid!("e8611ab8-c189-46e8-94e1-60213ab1f814"),
        "Privileged Role Administrator",
    ),
    (uuid!("194ae4cb-b126-40b2-bd5b-6091b380977d"), "Security Administrator"),
    (uuid!("5d6b6bb7-de71-4623-b4af-96380a352509"), "Security Reader"),
    (
        uuid!("f28a1f50-f6e7-4571-818b-6a12f2af6b6c"),
        "SharePoint Administrator",
    ),
    (uuid!("fe930be7-5e62-47db-91af-98c3a49a38b1"), "User Administrator"),
];

/// The name of a built-in directory role.
pub(crate) fn name(template: Uuid) -> Option<&'static str> {
    let mut known = DIRECTORY_ROLES.iter();
    known.find(|(id, _)| *id == template).map(|(_, name)| *name)
}

/// Every built-in directory role: role template and name.
pub(crate) fn all() -> &'static [(Uuid, &'static str)] {
    DIRECTORY_ROLES
}
