#[derive(PartialEq,Eq,Clone,Copy,Debug)] pub enum AddressRole { Street, Street2, City, Region, PostalCode, Country, Full, None } pub fn address_role(_: &str) -> AddressRole { AddressRole::None }
