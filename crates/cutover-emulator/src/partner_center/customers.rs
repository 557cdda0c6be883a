//! Customers of the partner, and their users.

use serde_json::{Value, json};

use super::answer::{Answer, link};
use super::error::Refusal;
use super::page::page;
use super::{Context, Route, Takes, reading, role};
use crate::state::Customer;

const ERRORS: &str = "401 empty, 401 800001, 401 900421, 403 900150, 403 900124 (assumed), 403 2032";

pub(super) const ROUTES: &[Route] = &[
    Route {
        operation: reading(
            "/customers",
            "App or App+User; size, seekOperation=Next",
            ERRORS,
            "PCS get-a-list-of-customers",
        ),
        takes: Takes::AppToo,
        roles: role::CUSTOMERS,
        answer: customers,
    },
    Route {
        operation: reading(
            "/customers/{id}",
            "App or App+User",
            "as the list, 404 60003",
            "PCS get-a-customer-by-id",
        ),
        takes: Takes::AppToo,
        roles: role::CUSTOMERS,
        answer: customer,
    },
    Route {
        operation: reading(
            "/customers/{id}/users",
            "App+User; size, seekOperation=Next",
            "as the list, 404 60003",
            "PCS get-a-list-of-all-user-accounts-for-a-customer",
        ),
        takes: Takes::AppAndUser,
        roles: role::CUSTOMERS,
        answer: users,
    },
];

fn shown(customer: &Customer) -> Value {
    json!({
        "id": customer.id,
        "companyProfile": {
            "tenantId": customer.id, "domain": customer.domain, "companyName": customer.company,
            "attributes": {"objectType": "CustomerCompanyProfile"},
        },
        "relationshipToPartner": "reseller", "attributes": {"objectType": "Customer"},
    })
}

fn signed(context: &Context<'_>) -> Result<(), Refusal> {
    if context.partner.agreement {
        Ok(())
    } else {
        Err(Refusal::agreement_not_signed())
    }
}

fn named<'a>(context: &'a Context<'_>) -> Result<&'a Customer, Refusal> {
    signed(context)?;
    let id = context.keys.first().map(String::as_str).unwrap_or_default();
    let mut customers = context.partner.customers.iter();
    customers
        .find(|customer| customer.id.eq_ignore_ascii_case(id))
        .ok_or_else(Refusal::no_customer)
}

fn customers(context: &Context<'_>) -> Result<Answer, Refusal> {
    signed(context)?;
    let rows = context.partner.customers.iter().map(shown).collect();
    page(context, "/customers", rows)
}

fn customer(context: &Context<'_>) -> Result<Answer, Refusal> {
    let customer = named(context)?;
    let mut body = shown(customer);
    if let Some(body) = body.as_object_mut() {
        body.insert("allowDelegatedAccess".to_owned(), Value::Bool(true));
        body.insert("customDomains".to_owned(), json!([customer.domain]));
        let links = json!({"self": link(&format!("/customers/{}", customer.id))});
        body.insert("links".to_owned(), links);
    }
    Ok(Answer::One(body))
}

fn users(context: &Context<'_>) -> Result<Answer, Refusal> {
    let customer = named(context)?;
    let path = format!("/customers/{}/users", customer.id);
    let rows = customer
        .users
        .iter()
        .map(|user| {
            json!({
                "id": user.id, "userPrincipalName": user.user_principal_name, "displayName": user.display_name,
                "userDomainType": "none", "state": "active",
                "links": {"self": link(&format!("{path}/{}", user.id))},
                "attributes": {"objectType": "CustomerUser"},
            })
        })
        .collect();
    page(context, &path, rows)
}
