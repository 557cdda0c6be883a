//! Which application package of an environment is the product's.

use crate::facts::power_platform::ApplicationPackage;
use crate::pack::Pack;
use crate::version::Version;

/// Whether a package is the product's own, by its name as shown; the portal's is another one.
pub(crate) fn is_products(pack: &Pack, package: &ApplicationPackage) -> bool {
    starts_like_the_product(pack, package) && !is_of_portal(pack, package)
}

/// Whether a package is the product's portal.
pub(crate) fn is_portals(pack: &Pack, package: &ApplicationPackage) -> bool {
    starts_like_the_product(pack, package) && is_of_portal(pack, package)
}

fn starts_like_the_product(pack: &Pack, package: &ApplicationPackage) -> bool {
    package
        .name
        .to_lowercase()
        .starts_with(&pack.names.application.to_lowercase())
}

fn is_of_portal(pack: &Pack, package: &ApplicationPackage) -> bool {
    let marker = pack.names.portal_marker.to_lowercase();
    package.name.to_lowercase().contains(&marker) || package.unique_name.to_lowercase().contains(&marker)
}

/// The newest of some packages: the list may hold one twice, as it is installed and as it may be installed.
pub(crate) fn newest<'a>(
    packages: impl Iterator<Item = &'a ApplicationPackage>,
) -> Option<(Version, &'a ApplicationPackage)> {
    let versions = packages.filter_map(|package| Some((package.version.parse().ok()?, package)));
    versions.max_by_key(|(version, _)| *version)
}
