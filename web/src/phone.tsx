import "./app/base.css";
