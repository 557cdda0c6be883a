use std::collections::BTreeSet;

use super::*;

#[test]
fn every_cloud_has_its_own_row_and_its_own_name() {
    for (cloud, profile) in Cloud::ALL.into_iter().zip(&PROFILES) {
        assert_eq!(cloud.profile(), profile);
        assert_eq!(profile.cloud, cloud);
        assert_eq!(cloud.name().parse(), Ok(cloud));
        assert_eq!(serde_json::to_value(cloud).expect("a word"), cloud.name());
        assert!(!profile.sources.is_empty(), "{cloud}");
        let apis = if profile.partner_center.is_some() { 5 } else { 4 };
        assert_eq!(profile.app_ids().count(), apis, "{cloud}: every id is one");
        // What is missing as a whole has no address, and what has an address is not missing as a whole.
        let without = profile
            .lacks
            .iter()
            .any(|lack| lack.service == Service::PartnerCenter && lack.path.is_none());
        assert_eq!(profile.partner_center.is_none(), without, "{cloud}");
    }
    assert!("germany".parse::<Cloud>().is_err());
}

#[test]
fn no_national_cloud_names_a_host_of_another_one() {
    let hosts = |profile: &Profile| -> BTreeSet<String> {
        let portals = &profile.portals;
        let endpoints = [
            Some(profile.graph),
            Some(profile.power_platform),
            Some(profile.business_app_platform),
            profile.partner_center,
        ];
        let addresses = endpoints.into_iter().flatten().flat_map(|it| [it.address, it.audience]);
        let portals = [
            portals.entra,
            portals.microsoft_365,
            portals.power_platform,
            portals.power_apps,
        ];
        let all = addresses.chain(portals).chain([profile.login]);
        all.map(|address| {
            assert!(address.starts_with("https://") && !address.ends_with('/'), "{address}");
            address.to_owned()
        })
        .collect()
    };
    let commercial = hosts(Cloud::Commercial.profile());
    for cloud in [Cloud::GccHigh, Cloud::Dod, Cloud::China] {
        let own = hosts(cloud.profile());
        assert_eq!(own.intersection(&commercial).count(), 0, "{cloud}");
        let endings: &[&str] = match cloud {
            Cloud::China => &[".cn"],
            _ => &[".us", ".mil"],
        };
        for host in own {
            assert!(endings.iter().any(|ending| host.ends_with(ending)), "{cloud}: {host}");
        }
    }
}

#[test]
fn an_environment_tells_its_cloud() {
    for (host, cloud) in [
        ("contoso.crm.dynamics.com", Some(Cloud::Commercial)),
        ("contoso.crm4.dynamics.com", Some(Cloud::Commercial)),
        ("Contoso.API.CRM21.dynamics.com", Some(Cloud::Commercial)),
        ("contoso.crm9.dynamics.com", Some(Cloud::Gcc)),
        ("contoso.api.crm9.dynamics.com", Some(Cloud::Gcc)),
        ("contoso.crm.microsoftdynamics.us", Some(Cloud::GccHigh)),
        ("contoso.api.crm.appsplatform.us", Some(Cloud::Dod)),
        ("contoso.crm.dynamics.cn", Some(Cloud::China)),
        ("crm.dynamics.cn", None),
        ("contoso.crm9.dynamics.com.evil.example", None),
        ("contoso.crmx.dynamics.com", None),
        ("contoso.dynamics.com", None),
        (".crm4.dynamics.com", None),
        ("localhost", None),
        ("", None),
    ] {
        assert_eq!(Cloud::of_environment(host), cloud, "{host}");
    }
}

#[test]
fn a_discovery_document_tells_its_cloud_and_what_it_contradicts() {
    for (instance, sub_scope, cloud) in [
        ("microsoftonline.com", None, Some(Cloud::Commercial)),
        ("microsoftonline.com", Some(""), Some(Cloud::Commercial)),
        ("microsoftonline.com", Some("GCC"), Some(Cloud::Gcc)),
        ("microsoftonline.us", Some("DODCON"), Some(Cloud::GccHigh)),
        ("MicrosoftOnline.US", Some("DOD"), Some(Cloud::Dod)),
        ("microsoftonline.us", None, None),
        ("partner.microsoftonline.cn", None, Some(Cloud::China)),
        ("microsoftonline.de", None, None),
    ] {
        assert_eq!(
            Cloud::of_discovery(instance, sub_scope),
            cloud,
            "{instance} {sub_scope:?}"
        );
        for other in Cloud::ALL {
            let allowed = match cloud {
                Some(cloud) => {
                    cloud == other
                        || (sub_scope.is_none_or(str::is_empty) && other == Cloud::Gcc && cloud == Cloud::Commercial)
                }
                None => instance == "microsoftonline.us" && matches!(other, Cloud::GccHigh | Cloud::Dod),
            };
            assert_eq!(
                other.may_be(Some(instance), sub_scope),
                allowed,
                "{other}: {instance} {sub_scope:?}"
            );
            assert!(other.may_be(None, None), "{other}");
        }
    }
}

#[test]
fn a_link_leads_to_the_same_place_in_the_clouds_own_portal() {
    let cases = [
        (
            "https://entra.microsoft.com/#view/X",
            Cloud::GccHigh,
            Some("https://entra.microsoft.us/#view/X"),
        ),
        (
            "https://entra.microsoft.com/#view/X",
            Cloud::Gcc,
            Some("https://entra.microsoft.com/#view/X"),
        ),
        (
            "https://admin.powerplatform.microsoft.com/manage/environments",
            Cloud::Gcc,
            Some("https://gcc.admin.powerplatform.microsoft.us/manage/environments"),
        ),
        (
            "https://admin.microsoft.com/Adminportal/Home#/users",
            Cloud::Dod,
            Some("https://portal.apps.mil/Adminportal/Home#/users"),
        ),
        (
            "https://make.powerapps.com",
            Cloud::China,
            Some("https://make.powerapps.cn"),
        ),
        ("https://partner.microsoft.com/dashboard/home", Cloud::Dod, None),
        (
            "https://entra.microsoft.com.evil.example/",
            Cloud::Dod,
            Some("https://entra.microsoft.com.evil.example/"),
        ),
        (
            "https://portal.iotap.com",
            Cloud::China,
            Some("https://portal.iotap.com"),
        ),
    ];
    for (link, cloud, wanted) in cases {
        assert_eq!(cloud.link(link).as_deref(), wanted, "{cloud} {link}");
        assert_eq!(Cloud::Commercial.link(link).as_deref(), Some(link));
    }
}

#[test]
fn what_a_cloud_lacks_is_known_by_service_and_call() {
    let sign_ins = |cloud: Cloud| cloud.lack(Service::GraphBeta, "/auditLogs/signIns").is_some();
    let partner = |cloud: Cloud| cloud.lack(Service::PartnerCenter, "/profiles/organization").is_some();
    assert_eq!(Cloud::ALL.map(sign_ins), [false, false, true, true, true]);
    assert_eq!(Cloud::ALL.map(partner), [false, false, true, true, false]);
    assert!(
        Cloud::ALL
            .iter()
            .all(|cloud| cloud.lack(Service::Graph, "/users/{id}").is_none())
    );
}
